/** The properties of test/fuzz with twenty times the runs, from a seed that changes every day (SPINODAL_FUZZ_SEED repeats one). */
import { fuzz } from "../fuzz/suite.ts";

fuzz(20, Number(process.env.SPINODAL_FUZZ_SEED ?? Math.floor(Date.now() / 86_400_000)));
