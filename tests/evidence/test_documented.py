from toy_register import crisis, figure

from needscast.evidence import check_parts, documented_counts, learn_hedges


def dead(name, value, area, **other):
    shared = {"measure": "killed_cumulative", "source": "watch", "period_start": "2031-03-05", "as_of": "2031-03-05"}
    return figure(name, value, area=area, **{**shared, **other})


def test_documented_counts_are_listed_by_source_and_cut_off_and_never_added():
    figures = dead("K1", 26, "region", hedge="at least"), dead("K2", 12, "region", source="paper")
    table = documented_counts(crisis(*figures))
    assert table[["figure_id", "value", "source"]].values.tolist() == [["K2", 12, "paper"], ["K1", 26, "watch"]]


def test_villages_that_add_up_to_their_total_are_found_to_do_so():
    table = check_parts(crisis(dead("T", 26, "region"), dead("A", 17, "north"), dead("B", 9, "town")))
    assert table[["figure_id", "total", "parts", "finding"]].values.tolist() == [["T", 26, 26, "adds up"]]
    assert table["part_ids"].item() == "A;B"


def test_parts_beyond_their_total_are_found():
    table = check_parts(crisis(dead("T", 26, "region"), dead("A", 20, "north"), dead("B", 9, "south")))
    assert table[["difference", "finding"]].values.tolist() == [[3, "parts exceed the total"]]


def test_a_part_of_a_part_is_not_counted_twice():
    figures = [dead("T", 26, "region"), dead("A", 17, "north"), dead("B", 9, "south"), dead("C", 4, "town")]
    found = check_parts(crisis(*figures)).set_index("figure_id")
    assert found.loc["T", "part_ids"] == "A;B"


def test_hedges_are_learned_from_later_recounts_of_the_same_day():
    figures = []
    for k, (first, later) in enumerate([(100, 130), (200, 240), (300, 450)]):
        day = f"2031-02-{10 + k}"
        figures.append(figure(f"A{k}", first, hedge="at least", as_of=day, reliability="C"))
        figures.append(figure(f"B{k}", later, as_of=day, published=f"2031-03-{k + 1:02d}", source="cluster"))
    learned = learn_hedges(crisis(*figures).figures)
    assert learned[["hedge", "cases", "share_above", "median"]].values.tolist() == [["at least", 3, 1.0, 1.3]]
    assert learned["seen_in"].item() == "A0>B0;A1>B1;A2>B2"


def test_relays_and_standing_sentences_teach_nothing_about_hedges():
    figures = [
        figure("A", 100, hedge="over", as_of="2031-02-10"),
        figure("B", 130, as_of="2031-02-10", published="2031-03-01", source="paper", upstream="A"),
        figure("C", 100, as_of="2031-02-10", published="2031-03-01"),
    ]
    assert learn_hedges(crisis(*figures).figures).empty
