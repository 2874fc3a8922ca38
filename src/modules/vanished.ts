/** Messages at the ends of their range: variances that are zero to every purpose, and precisions that say nothing. */

/** A mean posterior variance below this is an exact value: the message sent out has this variance, so that its b stays finite. */
export const EXACT = 1e-100;

/** Likelihoods and activations need a proper message from below: a smaller precision is read as this one. */
export const FAINT = 1e-12;
