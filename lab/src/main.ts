/** The page begins: workers first, they take longest. */
import { mount } from "svelte";
import App from "./App.svelte";
import { warmUp } from "./engine/index.ts";

warmUp();
const target = document.getElementById("lab");
if (target) mount(App, { target });
