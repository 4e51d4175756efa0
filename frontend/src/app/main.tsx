/** Annotators' pages begin here. */

import { render } from "preact";

import { speak } from "../ui/words";
import { App } from "./app";

speak(navigator.languages);
render(<App />, document.getElementById("app")!);
