"""The pure core: tables, events, holds, outcomes, errors; state is a fold over events."""
