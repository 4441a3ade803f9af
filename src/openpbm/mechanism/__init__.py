"""How light is said to work, and what a plan would do if it did: graph, virtual people, one session, weeks."""

from openpbm.mechanism.course_answer import CourseAnswer
from openpbm.mechanism.personal import PersonalAnswer
from openpbm.mechanism.respond import Response, respond
from openpbm.mechanism.session_answer import Observable
from openpbm.mechanism.switches import Switches, read_switches

__all__ = ["CourseAnswer", "Observable", "PersonalAnswer", "Response", "Switches", "read_switches", "respond"]
