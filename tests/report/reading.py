"""What a reader finds in the blocks of a section: its text in English, and its tables by name."""

from needscast.report.blocks import Note, Sentence, Table, flat
from needscast.report.words import Words

WORDS = Words("en")


def said(group, kinds=(Sentence, Note)):
    """Return the sentences and notes of a section as one text, with plain spaces."""
    texts = [block.text for block in flat([group]) if isinstance(block, kinds)]
    return " ".join(WORDS.say(each) for each in texts).replace("\u00a0", " ")


def sentences(group):
    """Return the sentences of a section without its notes."""
    return said(group, kinds=(Sentence,))


def tables(group):
    """Return the tables of a section by name."""
    return {block.name: block for block in flat([group]) if isinstance(block, Table)}
