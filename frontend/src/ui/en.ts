/**
 * Every text that the pages for annotators show, in English. `{name}` is filled in by `say`.
 * Another language is another file of this shape and a line in `words.ts`.
 */
export const en = {
  // The frame around everything
  loading: "Loading …",
  preview: "Preview: nothing you do here is recorded.",
  progress: "Page {number} of {of}",
  practice: "Practice",
  "state.saved": "Saved",
  "state.saving": "Saving …",
  "state.offline": "Offline – kept on this device",
  recording: "Pointer recorded",
  skip: "Skip to the task",
  instructions: "Instructions",
  synonyms: "Also called",
  more: "Read more about it (opens a new tab)",
  menu: "More",
  cancel: "Cancel",
  close: "Close",

  // Consent
  "consent.heading": "Before you begin",
  "consent.recorded": "What is recorded",
  "consent.not_recorded": "What is not recorded",
  "consent.publish": "My recorded work may also be published, without my name, so that others can study it.",
  "consent.publish_note": "This is up to you. You can take part without it.",
  "consent.agree": "I agree, begin",
  "consent.decline": "No, thank you",
  "consent.later": "You can withdraw at any time, also after you have been paid.",

  // A page
  submit: "Submit",
  "submit.check": "Check my answer",
  sending: "Sending your work …",
  "sending.waiting": "It could not be sent yet. It is kept on this device and is tried again by itself.",
  "sending.now": "Try now",
  "practice.passed": "Well done",
  "practice.again": "Not quite yet",
  "practice.go": "Continue",
  "practice.retry": "Try again",
  "practice.note": "This is for practice. Nothing is recorded yet, and you can repeat it.",
  "preview.sent": "This is where the page would be sent. In the preview it stays here.",

  // Giving back, withdrawing
  "return.menu": "Stop and return this task",
  "return.heading": "Return this task?",
  "return.text": "The pages you have not submitted go to somebody else. What you have submitted is kept.",
  "return.yes": "Return it",
  "return.done": "You have returned the task",
  "return.done_text": "Thank you for letting us know. You can close this page.",
  "withdraw.menu": "Withdraw from the study",
  "withdraw.heading": "Withdraw from the study",
  "withdraw.text":
    "What you did is then deleted: the recordings and the answers. It cannot be brought back. Whatever you have earned is not affected.",
  "withdraw.token": "Your withdrawal token",
  "withdraw.token_note": "You were given it on the last page, and can find it under “{menu}” while you work.",
  "withdraw.yes": "Delete my data",
  "withdraw.sure": "Delete everything recorded about you in this study?",
  "withdraw.done": "Your data have been deleted",
  "withdraw.done_text": "They will not be part of anything that is exported from now on. You can close this page.",
  "withdraw.unknown": "No data are found for this token",
  "withdraw.unknown_text": "Please check that it is complete. If your data have been deleted before, nothing is left to do.",

  // The end
  "finish.heading": "Thank you, you are done",
  "finish.code": "Your completion code",
  "finish.copy": "Copy",
  "finish.copied": "Copied",
  "finish.redirect": "Go back and finish",
  "finish.redirect_note": "This takes you back to where you came from and registers your work as complete.",
  "finish.withdraw": "To withdraw later, keep this token:",
  "finish.withdraw_link": "How to withdraw",
  "finish.close": "Everything is saved. You can close this page.",
  "closed.heading": "There is nothing to do here now",
  "closed.text": "Either all work is given out or this task is not open to you. You can close this page.",
  "declined.heading": "That is all right",
  "declined.text": "You have chosen not to take part. Nothing was recorded. You can close this page.",

  // When something is in the way
  "fault.offline": "You are offline",
  "fault.offline_text": "This page goes on by itself as soon as you are connected again. What you have done is kept on this device.",
  "fault.gone": "The service does not answer",
  "fault.gone_text": "What you have done is kept on this device. This page tries again by itself.",
  "fault.ended": "Your session has ended",
  "fault.ended_text": "Please open the link with which you came once more. What you have submitted is safe.",
  "fault.elsewhere": "You have opened this task in another tab",
  "fault.elsewhere_text": "What you did here is saved. Go on in the other tab, or continue here instead.",
  "fault.elsewhere_here": "Continue here",
  "fault.problem": "That did not work",
  "fault.retry": "Try again",

  // Pictures
  "picture.failed": "This picture cannot be shown",
  "picture.retry": "Load it again",

  // Browse
  "browse.hint": "Click a picture to select it, click again to take it back. With the keyboard: arrow keys and space.",
  "browse.hint_touch": "Tap a picture to select it, tap again to take it back.",
  "browse.hint_blurred": "Pictures become clear when you point at them; on a touch screen, with a first tap.",
  "browse.none_selected": "None selected",
  "browse.one_selected": "1 selected",
  "browse.selected": "{n} selected",
  "browse.grid": "Pictures",
  "browse.empty": "You have not selected any picture",
  "browse.empty_text": "If none fits, that is a good answer. Submit the page without a selection?",
  "browse.failed": "Could not be loaded: {n}. Leave them out.",

  // Tag
  "tag.hint": "Drag an icon onto its object, or click the icon and then the object. One icon for each class.",
  "tag.hint_keys":
    "Left and right arrow: other panel. Up and down: other class. Enter: this class is in the picture. M: magnifier.",
  "tag.panel": "{name}, panel {number} of {of}",
  "tag.of": "{number} of {of}",
  "tag.seen": "{number} of {of} panels seen",
  "tag.previous": "Previous panel",
  "tag.next": "Next panel",
  "tag.classes": "Classes",
  "tag.magnifier": "Magnifier",
  "tag.present": "In this picture",
  "tag.nothing": "Nothing marked yet",
  "tag.remove": "Remove {name}",
  "tag.no_place": "{name}, without a place",
  "tag.icon": "{name}, placed. Drag to move; Delete removes it.",
  "tag.armed": "Now point out the {name} in the picture.",
  "tag.missing": "Please look at these panels before you submit:",
  "tag.empty": "You have not marked anything",
  "tag.empty_text": "If none of the classes is in the picture, that is a good answer. Submit it like this?",
  "tag.added": "{name} marked",
  "tag.removed": "{name} removed",

  // Paint
  "paint.hint": "Decide what the picture shows, and paint the parts that tell you so. The order is up to you.",
  "paint.decide": "What does it show?",
  "paint.choose": "Choose …",
  "paint.tools": "Tools",
  "paint.brush": "Brush",
  "paint.eraser": "Eraser",
  "paint.size": "Size",
  "paint.undo": "Undo",
  "paint.redo": "Redo",
  "paint.clear": "Clear",
  "paint.canvas": "Picture to paint on. Arrow keys move the brush, with Shift in small steps; space paints.",
  "paint.undecided": "Please decide first what the picture shows.",
  "paint.empty": "You have not painted anything",
  "paint.empty_text": "An empty painting cannot be used as one, and is marked so. Submit it all the same?",
  "paint.covered": "{percent} % painted",
  "submit.anyway": "Submit it like this",
  "submit.back": "Back to the task",
};

/** A language's table: the keys of `en`, nothing more and nothing less. */
export type Words = { readonly [key in keyof typeof en]: string };
