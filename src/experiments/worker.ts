/** The script of a local worker; built to a file of its own (`dist/worker.js`). */
import * as scenarios from "../scenarios/index.ts";
import { serveCells } from "./serve.ts";

serveCells(scenarios);
