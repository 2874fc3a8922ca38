/** No NaN or infinity leaves a public function: the everyday runs, from a fixed seed (`npm run nightly` has twenty times as many, from the day's). */
import { fuzz } from "./suite.ts";

fuzz(1, 20_240_607);
