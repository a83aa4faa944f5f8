"""Problems for other programs: SARIF 2.1.0 and the annotations of GitHub Actions."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from responsa.check.problem import Problem, Severity
from responsa.check.rules import RULES

_GITHUB: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def sarif(problems: Iterable[Problem], version: str) -> dict[str, object]:
    """The log of one run; addresses are relative to the library's folder."""
    rules = [
        {
            "id": rule.id,
            "shortDescription": {"text": rule.title},
            "fullDescription": {"text": rule.why},
            "help": {"text": rule.fix},
            "defaultConfiguration": {"level": rule.severity.value},
        }
        for rule in RULES.values()
    ]
    driver = {"name": "Responsa", "version": version, "rules": rules}
    run = {"tool": {"driver": driver}, "results": [_result(problem) for problem in problems]}
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


def _result(problem: Problem) -> dict[str, object]:
    place = {"artifactLocation": {"uri": quote(str(problem.path))}, "region": {"startLine": problem.line}}
    return {
        "ruleId": problem.rule,
        "level": problem.severity.value,
        "message": {"text": problem.message},
        "locations": [{"physicalLocation": place}],
    }


def annotation(problem: Problem) -> str:
    """A workflow command; ``%`` and line ends are escaped so that a text cannot begin another one."""
    place = f"file={_escaped(str(problem.path), colons=True)},line={problem.line}"
    title = _escaped(RULES[problem.rule].title, colons=True)
    return f"::{_GITHUB[problem.severity]} {place},title={title}::{_escaped(problem.message)}"


def _escaped(text: str, *, colons: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if colons else text
