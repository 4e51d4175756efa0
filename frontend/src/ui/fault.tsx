/** Something is in the way: what it is, that nothing is lost, and what to do. */

import type { JSX } from "preact";

import type { Fault } from "../app/stage";
import { Card } from "./notice";
import { say } from "./words";

interface Props {
  fault: Fault;
  retry(): void;
  takeOver(): void;
}

export function FaultScreen({ fault, retry, takeOver }: Props): JSX.Element {
  if (fault.kind === "problem") return <Problem problem={fault.problem} remedy={fault.remedy} />;
  return (
    <Card heading={say(`fault.${fault.kind}`)}>
      <p role="status">{say(`fault.${fault.kind}_text`)}</p>
      {fault.kind === "elsewhere" && (
        <button type="button" class="button main" onClick={takeOver}>
          {say("fault.elsewhere_here")}
        </button>
      )}
      {(fault.kind === "offline" || fault.kind === "gone") && (
        <button type="button" class="button main" onClick={retry}>
          {say("fault.retry")}
        </button>
      )}
    </Card>
  );
}

/** The service said no. Asking the same once more would not help; beginning anew may, and forgets nothing. */
function Problem({ problem, remedy }: { problem: string; remedy: string }): JSX.Element {
  return (
    <Card heading={problem || say("fault.problem")}>
      {remedy && <p role="status">{remedy}</p>}
      <button type="button" class="button main" onClick={() => location.reload()}>
        {say("fault.retry")}
      </button>
    </Card>
  );
}
