"""Where people come from, and how they are sent home paid: one adapter a panel; `table` lists them."""
