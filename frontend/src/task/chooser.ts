/** Paint: deciding the class. Few classes are buttons, many a list. */

import type { ClassOption, Modality } from "../record/records.gen";
import { say } from "../ui/words";
import { element } from "./dom";
import type { Hand } from "./modality";

/** More classes than this do not fit as buttons. */
const FEW = 12;

export class Chooser {
  readonly element = element("fieldset", { class: "chooser" }, element("legend", {}, say("paint.decide")));
  private readonly inputs: (HTMLInputElement | HTMLSelectElement)[];

  constructor(
    classes: readonly ClassOption[],
    private readonly hand: Hand,
    private readonly decided: (label: string, by: Modality) => void,
  ) {
    this.inputs = classes.length <= FEW ? classes.map((one) => this.radio(one)) : [this.list(classes)];
  }

  show(label: string): void {
    for (const input of this.inputs) {
      if (input instanceof HTMLSelectElement) input.value = label;
      else input.checked = input.value === label;
    }
  }

  focus(): void {
    this.inputs[0]?.focus();
  }

  private radio({ name, shown }: ClassOption): HTMLInputElement {
    const input = element("input", { type: "radio", name: "decision", value: name });
    // A click on the label or an arrow key ends as a click on the input; only the hand knows which.
    input.addEventListener("change", () => this.decided(name, this.hand.latest));
    this.element.append(element("label", { class: "choice" }, input, element("span", {}, shown)));
    return input;
  }

  private list(classes: readonly ClassOption[]): HTMLSelectElement {
    const options = classes.map(({ name, shown }) => element("option", { value: name }, shown));
    const none = element("option", { value: "", disabled: true }, say("paint.choose"));
    const list = element("select", { "aria-label": say("paint.decide") }, none, ...options);
    list.value = "";
    list.addEventListener("change", () => this.decided(list.value, this.hand.latest));
    this.element.append(list);
    return list;
  }
}
