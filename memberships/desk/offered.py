"""The acts that a membership's page offers, in their order."""

from memberships.desk import acts
from memberships.desk.card_acts import ChooseCard
from memberships.desk.end_acts import CancelIt, KeepIt
from memberships.desk.owed_acts import LetGo
from memberships.desk.pause_acts import PauseIt, ResumeIt
from memberships.desk.plan_acts import ChangePlan, TakeBackChange


def offer_acts() -> None:
    """Called once, when the program starts."""
    acts.register(
        ResumeIt(),
        KeepIt(),
        ChangePlan(),
        TakeBackChange(),
        ChooseCard(),
        PauseIt(),
        LetGo(),
        CancelIt(),
    )
