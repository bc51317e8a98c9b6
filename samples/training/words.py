"""The tokenizer: every word of the captions whole, every other by its letters."""

from collections import Counter
from itertools import pairwise

from transformers import CLIPTokenizer

from samples.training.captions import vocabulary

LONGEST = 77
_START, _END = "<|startoftext|>", "<|endoftext|>"
_WORD_END = "</w>"


def tokenizer() -> CLIPTokenizer:
    """Made of the captions' vocabulary; byte pairs are merged until every word is one token."""
    words = Counter(
        word.strip(",")
        for phrase in vocabulary()
        for word in phrase.lower().replace("-", " ").split()
    )
    merges, pieces = _merges(words)
    letters = _bytes()
    names = [*letters, *(letter + _WORD_END for letter in letters), *pieces, _START, _END]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return CLIPTokenizer(
        numbers, [*merges], model_max_length=LONGEST, pad_token=_END, unk_token=_END
    )


def _merges(words: Counter[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """Byte pair encoding until nothing is left to merge. Source: arXiv:1508.07909, algorithm 1."""
    split = {word: [*word[:-1], word[-1] + _WORD_END] for word in words if word}
    merges: list[tuple[str, str]] = []
    while True:
        pairs: Counter[tuple[str, str]] = Counter()
        for word, parts in split.items():
            for pair in pairwise(parts):
                pairs[pair] += words[word]
        if not pairs:
            return merges, ["".join(pair) for pair in merges]
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        for word, parts in split.items():
            split[word] = _merged(parts, best)


def _merged(parts: list[str], pair: tuple[str, str]) -> list[str]:
    result: list[str] = []
    for part in parts:
        if result and (result[-1], part) == pair:
            result[-1] += part
        else:
            result.append(part)
    return result


def _bytes() -> list[str]:
    """The letters that byte-level tokenizers write bytes as. Source: GPT-2's encoder."""
    shown = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in shown]
    return [chr(byte) for byte in shown] + [chr(256 + number) for number in range(len(others))]
