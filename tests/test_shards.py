from responsa.shards import Here, Processes, shards


def test_shards_cut_a_sequence_in_order():
    assert list(shards([1, 2, 3, 4, 5], 2)) == [[1, 2], [3, 4], [5]]


def test_processes_yield_results_in_shard_order():
    assert list(Processes(2).map(sum, shards(list(range(100)), 7))) == list(
        Here().map(sum, shards(list(range(100)), 7))
    )
