from sidelight.data.source.ab_file import METADATA_TAGS, AbMetadata


def test_tags_are_in_the_order_of_their_bytes():
    assert list(METADATA_TAGS) == sorted(METADATA_TAGS, key=str.encode)


def test_every_tag_has_a_field_of_its_own():
    fields = [field for field, _ in METADATA_TAGS.values()]
    assert sorted(fields) == sorted(set(AbMetadata.__struct_fields__) - {"empty", "other"})
