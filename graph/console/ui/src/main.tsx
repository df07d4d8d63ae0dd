/** Starts the page. */
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/parts.css";
import "./styles/evidence.css";
import { render } from "preact";
import { startEvents } from "./api/events";
import { startRouter } from "./router";
import { App } from "./shell/app";
import { startPrefs } from "./state/prefs";
import { startWords } from "./words";

startPrefs();
startWords();
startRouter();
startEvents();

const root = document.getElementById("page");
if (root) render(<App />, root);
