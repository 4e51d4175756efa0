// Generated from view.py by `python -m sidelight.collect.requester.typescript`. Do not edit.

import type { BrowseAnswer, ClassOption, PaintAnswer, TagAnswer, Task } from "../record/records.gen";

/** GET /admin/api/me: who is logged in, and to what. */
export interface Me {
  readonly role: "admin" | "viewer";
  readonly campaign: string;
  readonly task: Task;
  readonly open: boolean;
}

/** How many there are of a kind. */
export interface Count {
  readonly name: string;
  readonly n: number;
}

/** Pages submitted within an hour that began `at` (seconds since 1970). */
export interface Hour {
  readonly at: number;
  readonly pages: number;
}

/** Where the time on submitted pages went, ms: with input, without any for over 30 s, with the page hidden. */
export interface TimeSpent {
  readonly active_ms: number;
  readonly idle_ms: number;
  readonly hidden_ms: number;
}

/** Assignments under way: in time, and past their time (they still may submit). */
export interface Leases {
  readonly running: number;
  readonly overdue: number;
}

/** What annotators of finished assignments earned an hour. */
export interface Pay {
  /** three letters. */
  readonly currency: string;
  /** fixed pay of an assignment. */
  readonly per_assignment: number;
  /** finished ones that these figures rest on. */
  readonly assignments: number;
  /** median of pay / (active + idle time on pages); None without any. */
  readonly hourly_on_page: number | null;
  /** median of pay / time from arrival to the last submit, breaks and consent included. */
  readonly hourly_in_all: number | null;
}

/** GET /admin/api/overview. */
export interface Overview {
  /** seconds since 1970 at which this was counted (figures are a few seconds old at most). */
  readonly at: number;
  /** pages of all hits times annotators a hit. */
  readonly pages_wanted: number;
  /** pages submitted, of sessions that count. */
  readonly pages_done: number;
  /** by state. */
  readonly pages: readonly Count[];
  /** by state. */
  readonly sessions: readonly Count[];
  /** sessions that submitted all their pages. */
  readonly finished: number;
  /** of these, whose every page has every chunk. */
  readonly complete: number;
  /** complete / finished; None while nobody finished. */
  readonly complete_share: number | null;
  /** submitted pages whose answer is not what their log comes to. */
  readonly disagreeing: number;
  /** pages submitted after their lease. */
  readonly late: number;
  /** throughput, oldest first, the last 48 hours, hours without pages included. */
  readonly hours: readonly Hour[];
  /** on submitted pages. */
  readonly time: TimeSpent;
  /** under way. */
  readonly leases: Leases;
  /** so far. */
  readonly pay: Pay;
  /** sessions excluded by screening. */
  readonly excluded: number;
  /** people who withdrew. */
  readonly withdrawn: number;
}

/** One row of GET /admin/api/annotators. */
export interface Annotator {
  /** random pseudonym. */
  readonly session: string;
  /** of the session. */
  readonly state: string;
  /** seconds since 1970. */
  readonly created_at: number;
  /** submitted. */
  readonly pages: number;
  /** of these, with every chunk. */
  readonly complete: number;
  /** median active time a page. */
  readonly page_ms: number | null;
  /** share of others' judgements of the same things that were hers too; None where nobody else judged them, and of who is excluded. */
  readonly agreement: number | null;
  /** reason of an admin's exclusion; "" if none. */
  readonly excluded: string;
}

/** GET /admin/api/annotators/SESSION/screening. Screening only: a reason to look, never a finding. */
export interface Screened {
  /** random pseudonym. */
  readonly session: string;
  /** that these figures rest on. */
  readonly pages: number;
  /** median time over a picture until it was selected, else on a page; None if unknown. */
  readonly decision_ms: number | null;
  /** share of clicks on gold pictures that lie in the object's box; None without any. */
  readonly gold_inside: number | null;
  /** what stands out, in words. */
  readonly flags: readonly string[];
}

/** One row of GET /admin/api/items: a picture of the campaign. */
export interface Item {
  readonly id: string;
  readonly pool: string;
  readonly label: string;
  readonly gold: boolean;
  readonly width: number;
  readonly height: number;
}

/** One row of GET /admin/api/pages: a page of an assignment. */
export interface PageRow {
  readonly id: string;
  readonly session: string;
  readonly hit: string;
  readonly number: number;
  readonly state: string;
  readonly submitted_at: number | null;
  readonly complete: boolean | null;
  readonly agrees: boolean | null;
  readonly late: boolean | null;
  readonly active_ms: number | null;
}

/** A picture of a page in detail. */
export interface ShownPicture {
  readonly id: string;
  readonly label: string;
  readonly pool: string;
  readonly gold: boolean;
  readonly width: number;
  readonly height: number;
}

/** GET /admin/api/pages/ID: all that is known of a page but its raw chunks. */
export interface PageDetail {
  /** as in the list. */
  readonly row: PageRow;
  /** browse, tag or paint. */
  readonly task: Task;
  /** browse: the class that is looked for; "" otherwise. */
  readonly label: string;
  /** in the order shown. */
  readonly pictures: readonly ShownPicture[];
  /** tag and paint: those that can be chosen. */
  readonly classes: readonly ClassOption[];
  /** paint: (width, height) of the mask. */
  readonly grid: readonly [number, number];
  /** of the interface. */
  readonly condition: Readonly<Record<string, boolean>>;
  /** None before it is submitted. */
  readonly answer: BrowseAnswer | TagAnswer | PaintAnswer | null;
  /** spent. */
  readonly time: TimeSpent;
  /** how often it was shown. */
  readonly segments: number;
  /** stored. */
  readonly chunks: number;
  /** that they take. */
  readonly bytes: number;
  /** of the pointer, in them. */
  readonly samples: number;
}

/** One version of the consent text, and who agreed to it. */
export interface Consent {
  readonly version: string;
  readonly current: boolean;
  readonly agreed: number;
  readonly publish: number;
  readonly first_at: number | null;
  readonly last_at: number | null;
}

/** GET /admin/api/consent: ethics approval, and all versions of the text that anybody agreed to. */
export interface Consents {
  readonly irb: string;
  readonly versions: readonly Consent[];
}

/** One figure of the forecast, in words. */
export interface CostLine {
  readonly name: string;
  readonly said: string;
}

/** GET /admin/api/cost: the forecast, what to think about before publishing, and what was earned so far. */
export interface Cost {
  readonly lines: readonly CostLine[];
  readonly warnings: readonly string[];
  readonly pay: Pay;
}

/** POST /admin/api/preview: an address that shows the task and records nothing, good until `until`. */
export interface Preview {
  readonly url: string;
  readonly until: number;
}

/** POST /admin/api/passwords/ROLE: the new password, told this once. */
export interface NewPassword {
  readonly role: "admin" | "viewer";
  readonly password: string;
}

/** It was done. */
export interface Done {
}
