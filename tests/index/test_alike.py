from responsa.index.alike import FEATURES, WEIGHTS, chance, features


def even(_):
    return 1.0


def test_nearer_in_meaning_and_words_is_more_alike():
    one = "What are the symptoms of liver cancer?"
    same, other = "Which symptoms has cancer of the liver?", "How is kidney failure treated?"
    assert chance(one, same, 0.9, even) > 0.5 > chance(one, other, 0.1, even)


def test_it_is_the_same_either_way_round():
    one, other = "What is a 12-lead ECG?", "Why is an ECG of 3 leads used?"
    assert features(one, other, 0.5, even) == features(other, one, 0.5, even)


def test_questions_without_words_are_no_fault():
    assert len(features("", "?", 0.0, even)) == len(FEATURES) == len(WEIGHTS) - 1


def test_other_numbers_are_seen():
    at = FEATURES.index("numbers")
    assert features("stage 1", "stage 2", 0.9, even)[at] == 1
    assert features("stage 1", "the stage 1", 0.9, even)[at] == 0
