import pytest

from responsa.relate.asked import asked, same

SAME = [
    ("Explain the difference between covalent and ionic bonds.", "What are differences of ionic and covalent bonds?"),
    ("How do bond energies affect materials?", "How do bond energies influence materials?"),
    ("What role does the parietal lobe play in sensing?", "How does the parietal lobe contribute to sensing?"),
    ("Why is close reading considered important?", "What is the importance of close reading?"),
    ("What are the layers of the skin?", "List the main layers of the skin."),
    ("How is haemoglobin organised?", "How is hemoglobin organized?"),
]  # fmt: skip
OTHER = [
    ("What were the military causes of the First World War?", "What were the political causes of the First World War?"),
    ("What is a single replacement reaction?", "What is a double replacement reaction?"),
    ("What are the positive signs of pregnancy?", "What are the probable signs of pregnancy?"),
    ("How does stress affect sleep?", "How does sleep affect stress?"),
    ("Which drugs are safe in pregnancy?", "Which drugs are not safe in pregnancy?"),
    ("What is type 1 diabetes?", "What is type 2 diabetes?"),
    ("What is C?", "What is C++?"),
    ("Why does water boil?", "When does water boil?"),
    ("What is methane?", "What is methanol?"),
    ("What is an afferent neuron?", "What is an efferent neuron?"),
    ("What are the advantages of fasting?", "What are the disadvantages of fasting?"),
    ("What is thyroid cancer?", "What is thyroid cancer and how is it treated?"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_words_that_mean_the_same_here_make_no_other_question(one, other):
    assert same(asked(one), asked(other))
    assert same(asked(other), asked(one))


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_one_content_word_makes_another_question(one, other):
    assert not same(asked(one), asked(other))
    assert not same(asked(other), asked(one))
