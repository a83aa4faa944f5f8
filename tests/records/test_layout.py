from responsa.records.layout import HUGO, SEED, Layout


def test_a_name_that_a_layout_leaves_out_is_called_as_it_is():
    assert SEED.key("seo.title") == "seo.title"
    assert HUGO.key("score") == "score"


def test_the_longest_mapped_part_of_a_dotted_name_counts():
    layout = Layout(keys={"seo": "meta", "seo.title": "head"})
    assert (layout.key("seo.title"), layout.key("seo.page_keywords")) == ("head", "meta.page_keywords")
