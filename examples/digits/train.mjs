// Trains the decoder z -> W1 z + b1 -> relu -> W2 h + b2 on the first 1200 digits, as the decoder of a variational autoencoder
// (Kingma and Welling 2014; the noise of the pixels is its own maximum-likelihood value, Rybkin et al. 2021), writes it to
// examples/digits/decoder and prints what it leaves unexplained. From the top folder of Spinodal, after npm run build:
// node examples/digits/train.mjs [latent] [hidden] [epochs] [weight decay] [noise on the encoder's input] [folder]
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makeRng, multiply, symmetricEigen } from "spinodal";
import { readDigits } from "./data.mjs";

const [latent, hidden, epochs] = [2, 3, 4].map((at, i) => Number(process.argv[at] ?? [20, 128, 1000][i]));
const decay = Number(process.argv[5] ?? 0.1);
const blurred = Number(process.argv[6] ?? 0.1);
const folder = process.argv[7] ?? fileURLToPath(new URL("decoder/", import.meta.url));
const batch = 60;
const pixels = 64;
const { training, validation, heldOut } = readDigits();
const rng = makeRng(1, "digits");

// ---------------------------------------------------------------- layers, with everything summed by the deterministic kernels
const product = (m, n, k, A, B, adjoint = false) => {
  const C = new Float64Array(m * n);
  multiply(m, n, k, A, B, C, { adjoint, backend: "wasm" });
  return C;
};
const transposed = (A, rows, cols) => {
  const out = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = A[i * cols + j];
  return out;
};
/** y = x W + b on rows x; W is `inputs` x `outputs`. */
const layer = (inputs, outputs, gain, label) => {
  const W = new Float64Array(inputs * outputs);
  rng.fork(label).fillNormal(W, gain / Math.sqrt(inputs));
  return { inputs, outputs, W, b: new Float64Array(outputs), dW: null, db: null };
};
const forward = ({ inputs, outputs, W, b }, x, count) => {
  const y = product(count, outputs, inputs, x, W);
  for (let mu = 0, at = 0; mu < count; mu++) for (let j = 0; j < outputs; j++, at++) y[at] += b[j];
  return y;
};
/** Fills dW and db from dL/dy; returns dL/dx. */
const backward = (l, x, dy, count) => {
  const { inputs, outputs } = l;
  l.dW = product(inputs, outputs, count, x, dy, true);
  const db = new Float64Array(outputs);
  for (let mu = 0, at = 0; mu < count; mu++) for (let j = 0; j < outputs; j++, at++) db[j] += dy[at];
  l.db = db;
  return product(count, inputs, outputs, dy, transposed(l.W, inputs, outputs));
};
const relu = (z) => {
  const h = new Float64Array(z.length);
  for (let i = 0; i < h.length; i++) h[i] = z[i] > 0 ? z[i] : 0;
  return h;
};
/** dL/dz from dL/drelu(z), in place. */
const gated = (d, z) => {
  for (let i = 0; i < d.length; i++) if (!(z[i] > 0)) d[i] = 0;
  return d;
};

const encoder = [layer(pixels, 256, Math.SQRT2, "encoder 1"), layer(256, 2 * latent, 0.3, "encoder 2")];
const decoder = [layer(latent, hidden, Math.SQRT2, "decoder 1"), layer(hidden, pixels, 0.5, "decoder 2")];
const mean = new Float64Array(pixels);
for (let i = 0; i < training.length; i++) mean[i % pixels] += (training[i] * pixels) / training.length;
decoder[1].b.set(mean);

const encode = (x, count) => {
  const z = forward(encoder[0], x, count);
  const h = relu(z);
  return { z, h, code: forward(encoder[1], h, count) };
};
const decode = (z, count) => {
  const pre = forward(decoder[0], z, count);
  const h = relu(pre);
  return { pre, h, x: forward(decoder[1], h, count) };
};

// ---------------------------------------------------------------- Adam (Kingma and Ba 2015), with decoupled weight decay
const slots = [...encoder, ...decoder].flatMap((l) => [
  { l, of: "W", m: new Float64Array(l.W.length), v: new Float64Array(l.W.length) },
  { l, of: "b", m: new Float64Array(l.b.length), v: new Float64Array(l.b.length) }
]);
const descend = (x, g, m, v, rate, shrink, bias1, bias2) => {
  for (let i = 0; i < x.length; i++) {
    m[i] += 0.1 * (g[i] - m[i]);
    v[i] += 0.001 * (g[i] * g[i] - v[i]);
    x[i] -= rate * (m[i] / bias1 / (Math.sqrt(v[i] / bias2) + 1e-8) + shrink * x[i]);
  }
};
let steps = 0;
const adam = (rate) => {
  steps++;
  for (const { l, of, m, v } of slots) {
    descend(l[of], l[`d${of}`], m, v, rate, of === "W" ? decay : 0, 1 - 0.9 ** steps, 1 - 0.999 ** steps);
  }
};

// ---------------------------------------------------------------- the evidence lower bound
let noise = 0.05;
const count = training.length / pixels;
const order = Uint32Array.from({ length: count }, (_, i) => i);
for (let epoch = 0; epoch < epochs; epoch++) {
  const draw = rng.fork(`epoch ${epoch}`);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(draw.uniform() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  const warm = Math.min(1, (epoch + 1) / 100); // the divergence enters slowly, or latents die before they are used
  const rate = 2e-3 * 0.5 * (1 + Math.cos((Math.PI * epoch) / epochs)) + 1e-6;
  let squares = 0;
  for (let from = 0; from < count; from += batch) {
    const x = new Float64Array(batch * pixels);
    for (let mu = 0; mu < batch; mu++) x.set(training.subarray(order[from + mu] * pixels, (order[from + mu] + 1) * pixels), mu * pixels);
    // the encoder sees noisy digits: it overfits 1200 of them otherwise, and the decoder with it
    const seen = new Float64Array(batch * pixels);
    draw.fillNormal(seen, blurred);
    for (let i = 0; i < seen.length; i++) seen[i] += x[i];
    const e = encode(seen, batch);
    const xi = new Float64Array(batch * latent);
    draw.fillNormal(xi);
    const z = new Float64Array(batch * latent);
    const at = (mu, k) => mu * 2 * latent + k;
    for (let mu = 0; mu < batch; mu++)
      for (let k = 0; k < latent; k++)
        z[mu * latent + k] = e.code[at(mu, k)] + Math.exp(0.5 * e.code[at(mu, latent + k)]) * xi[mu * latent + k];
    const d = decode(z, batch);
    const dx = d.x;
    for (let i = 0; i < dx.length; i++) {
      dx[i] -= x[i];
      squares += dx[i] * dx[i];
      dx[i] /= noise * batch;
    }
    const dz = backward(decoder[0], z, gated(backward(decoder[1], d.h, dx, batch), d.pre), batch);
    // KL(N(mean, e^s) | N(0, 1)) = (mean^2 + e^s - 1 - s)/2
    const dcode = new Float64Array(e.code.length);
    for (let mu = 0; mu < batch; mu++)
      for (let k = 0; k < latent; k++) {
        const [m, s, g] = [e.code[at(mu, k)], e.code[at(mu, latent + k)], dz[mu * latent + k]];
        dcode[at(mu, k)] = g + (warm * m) / batch;
        dcode[at(mu, latent + k)] = 0.5 * g * xi[mu * latent + k] * Math.exp(0.5 * s) + (0.5 * warm * (Math.exp(s) - 1)) / batch;
      }
    backward(encoder[0], seen, gated(backward(encoder[1], e.h, dcode, batch), e.z), batch);
    adam(rate);
  }
  noise += (epoch < 10 ? 1 : 0.1) * (squares / training.length - noise);
  if (epoch % 200 === 199) process.stderr.write(`epoch ${epoch + 1}: noise ${noise.toExponential(3)}\n`);
}

// ---------------------------------------------------------------- what it leaves unexplained
/** Mean square residual of a pixel: at the encoder's mean code, and at codes drawn around it as in training; and the ELBO, nats a digit. */
function residuals(x) {
  const n = x.length / pixels;
  const { code } = encode(x, n);
  const [centre, drawn] = [new Float64Array(n * latent), new Float64Array(n * latent)];
  rng.fork("evaluation").fillNormal(drawn);
  let kl = 0;
  const spread = new Float64Array(latent);
  for (let mu = 0; mu < n; mu++)
    for (let k = 0; k < latent; k++) {
      const [m, s] = [code[mu * 2 * latent + k], code[mu * 2 * latent + latent + k]];
      kl += 0.5 * (m * m + Math.exp(s) - 1 - s);
      spread[k] += Math.exp(s) / n;
      centre[mu * latent + k] = m;
      drawn[mu * latent + k] = m + Math.exp(0.5 * s) * drawn[mu * latent + k];
    }
  const error = (z) => decode(z, n).x.reduce((sum, v, i) => sum + (v - x[i]) ** 2, 0) / x.length;
  const [atMean, atDraw] = [error(centre), error(drawn)];
  const elbo = -32 * (Math.log(2 * Math.PI * noise) + atDraw / noise) - kl / n;
  return { atMean, atDraw, elbo, used: spread.filter((s) => s < 0.5).length, kl: kl / n };
}
/** Mean square residual of a pixel with as many principal components of the training digits as there are latents. */
function principal(x) {
  const centred = (y) => y.map((v, i) => v - mean[i % pixels]);
  const C = product(pixels, pixels, count, centred(training), centred(training), true);
  const { vectors } = symmetricEigen({ rows: pixels, cols: pixels, data: C }, { vectors: true });
  const y = centred(x);
  const n = x.length / pixels;
  const codes = product(n, pixels, pixels, y, transposed(vectors, pixels, pixels));
  let kept = 0;
  for (let mu = 0; mu < n; mu++) for (let k = pixels - latent; k < pixels; k++) kept += codes[mu * pixels + k] ** 2;
  return (y.reduce((sum, v) => sum + v * v, 0) - kept) / x.length;
}

for (const [name, x] of [
  ["training", training],
  ["validation", validation],
  ["held-out", heldOut]
]) {
  const { atMean, atDraw, elbo, used, kl } = residuals(x);
  const [a, b, c] = [atMean, atDraw, principal(x)].map((v) => v.toFixed(5));
  console.log(
    `${name.padEnd(10)} residual ${a} at the mean code, ${b} at drawn codes; ${latent} principal components ${c}; ELBO ${elbo.toFixed(1)} nats; KL ${kl.toFixed(1)}; ${used} latents used`
  );
}
const unexplained = residuals(validation).atDraw.toFixed(4);
console.log(`noise of the model (residual of the validation digits at drawn codes): ${unexplained}`);

mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/noise.txt`, `${unexplained}\n`);
const save = (name, rows, cols, data) =>
  writeFileSync(
    `${folder}/${name}.csv`,
    Array.from({ length: rows }, (_, i) => `${Array.from(data.subarray(i * cols, (i + 1) * cols), (v) => Number(v.toPrecision(6))).join(",")}\n`).join("")
  );
save("W1", hidden, latent, transposed(decoder[0].W, latent, hidden));
save("b1", hidden, 1, decoder[0].b);
save("W2", pixels, hidden, transposed(decoder[1].W, hidden, pixels));
save("b2", pixels, 1, decoder[1].b);
