from responsa.cli import app


def test_ctrl_c_before_a_command_runs_ends_with_its_code_and_without_a_word(monkeypatch, capsys):
    def interrupted(_given):
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "_run", interrupted)
    assert app.main(["rules"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_fault_of_ours_is_told_without_a_traceback(monkeypatch, capsys):
    def faulty(_given):
        raise RuntimeError("something of ours")

    monkeypatch.setattr(app, "_run", faulty)
    assert app.main(["rules"]) == 70
    assert "Traceback" not in capsys.readouterr().err
