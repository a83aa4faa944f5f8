import json
from pathlib import Path

import pytest

from library_folder import put
from responsa.check.rules import RULES
from responsa.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path):
    put(tmp_path, "a", more="seo:\n  page_description: Short.\n")
    return tmp_path


def test_a_clean_library_ends_in_0(folder, capsys):
    assert main(["check", str(folder)]) == 0
    assert "nothing wrong" in capsys.readouterr().out


def test_problems_end_in_1_and_are_grouped_worst_first(folder, capsys):
    put(folder, "b", answer="<script>x</script>", links=["/gone"])
    assert main(["check", str(folder)]) == 1
    said = capsys.readouterr().out
    assert said.index("error:") < said.index("warning:")
    assert "content/learn/medicine/b.md:" in said


def test_unreadable_files_end_in_3_together(folder, capsys):
    for name in ("x", "y"):
        (folder / f"content/learn/medicine/{name}.md").write_text("no front matter")
    assert main(["check", str(folder)]) == 3
    said = capsys.readouterr().out
    assert "x.md:1" in said
    assert "y.md:1" in said


def test_a_wrong_folder_or_rule_ends_in_2(folder, capsys):
    assert main(["check", str(folder / "nowhere")]) == 2
    assert main(["check", str(folder), "--rule", "nonsense"]) == 2
    assert "no such rule" in capsys.readouterr().err


def test_json_has_a_line_a_problem(folder, capsys):
    put(folder, "b", links=["/gone"])
    main(["check", str(folder), "--json", "--rule", "link-dangling"])
    (line,) = capsys.readouterr().out.splitlines()
    said = json.loads(line)
    assert (said["rule"], said["severity"], said["fixable"]) == ("link-dangling", "error", True)


def test_sarif_names_rule_file_and_line(folder, tmp_path):
    put(folder, "b", links=["/gone"])
    main(["check", str(folder), "--sarif", str(tmp_path / "log.sarif")])
    run = json.loads((tmp_path / "log.sarif").read_text())["runs"][0]
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == set(RULES)
    assert "link-dangling" in {result["ruleId"] for result in run["results"]}


def test_an_annotation_cannot_begin_another_command(folder, capsys):
    put(folder, "b", links=["'/a\u2028%0A::set-env name=x::y'"])
    main(["check", str(folder), "--github", "--rule", "link-dangling"])
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_minimum_severity_hides_and_fail_on_forgives(folder, capsys):
    put(folder, "b", links=["/gone"])
    assert main(["check", str(folder), "--rule", "description-missing", "--fail-on", "error"]) == 0
    assert main(["check", str(folder), "--severity", "error"]) == 1
    assert "warning:" not in capsys.readouterr().out.rpartition("error:")[2].replace("0 warnings", "")


def test_rules_are_listed_and_explained(capsys):
    assert main(["rules"]) == 0
    assert all(name in capsys.readouterr().out for name in ["refusal"])
    assert main(["rules", "refusal"]) == 0
    assert RULES["refusal"].why in capsys.readouterr().out
    assert main(["rules", "nonsense"]) == 2


def test_the_documentation_of_the_rules_is_what_the_code_says(capsys):
    main(["rules", "--markdown"])
    assert (ROOT / "docs/rules.md").read_text(encoding="utf-8") == capsys.readouterr().out
