import { describe, expect, it } from "vitest";

import { fold as browse } from "../../src/fold/browse";
import { fold as paint } from "../../src/fold/paint";
import { fold as tag } from "../../src/fold/tag";
import type { Answer, TaskEntry } from "../../src/record/records.gen";
import { golden } from "../golden";

interface Case {
  name: string;
  task: Answer["task"];
  grid: [number, number];
  entries: TaskEntry[];
  answer: Answer;
}

const FOLDS = { browse, tag, paint };

describe("golden folds", () => {
  it.each(golden<Case>("folds"))("$task: $name", ({ task, grid, entries, answer }) => {
    expect(FOLDS[task](entries, grid)).toEqual(answer);
  });
});
