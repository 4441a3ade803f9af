"""How light is said to work, and what a plan would do if it did: graph, virtual people, one session, weeks."""

from openpbm.mechanism.course_answer import CourseAnswer, course_scale
from openpbm.mechanism.personal import PersonalAnswer
from openpbm.mechanism.proposal import CheckpointStand, DoseProposal
from openpbm.mechanism.respond import Response, respond
from openpbm.mechanism.session_answer import Observable
from openpbm.mechanism.switches import Switches, read_switches
from openpbm.mechanism.washout import Washout

__all__ = [
    "CheckpointStand",
    "CourseAnswer",
    "DoseProposal",
    "Observable",
    "PersonalAnswer",
    "Response",
    "Switches",
    "Washout",
    "course_scale",
    "read_switches",
    "respond",
]
