"""Writes tokenizer.json, a byte-level BPE of a few hundred merges as GPT-NeoX has it, and expected.json: texts and their tokens.

Both are made by the hub's own library: python3 -m pip install tokenizers && python3 make_tokenizer.py
"""

import json
import pathlib
import random

from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, trainers

HERE = pathlib.Path(__file__).parent
NAMES = "Mary John Tom Anna James Sarah David Laura Peter Emma".split()
WORDS = "red blue stone river cat dog sun moon tree book door salt".split()
RANDOM = random.Random(1)
SYLLABLES = ["".join(RANDOM.choice(part) for part in ("bdfgklmnprstv", "aeiou", "nrstl")) for _ in range(60)]
INVENTED = " ".join("".join(RANDOM.choices(SYLLABLES, k=RANDOM.randint(1, 3))) for _ in range(2000))
TEXT = [
    f"When {a} and {b} went to the {p}, {b} gave the {t} to {a}. They packed the {w} {v} and left. In the evening they found the {w} {v}."
    for a in NAMES
    for b in NAMES
    for p, t in (("store", "key"), ("park", "letter"))
    for w, v in zip(WORDS, WORDS[1:])
] + [" ".join("0123456789") + " / " + " ".join("9876543210"), "it's they're we've I'm you'll he'd don't Ünïcödé naïve 3.14159 x_1 = y**2;"] * 40 + [INVENTED]

TEXTS = [
    "",
    "Mary",
    " Mary and John",
    "When Mary and Tom went to the store, Mary gave the key to",
    " 0 7 3 1 2 0 2 3 / 0 7 3 1 2 0 2",
    "0731202",
    "it's, they're; we've! I'm you'll he'd don't",
    "two  blanks,   three,    four and a tab\tand\n\nlines\n",
    "   leading and trailing   ",
    "naïve Ünïcödé caf\u0065\u0301 \u00c5\u0041\u030a",
    "日本語 и русский, عربى, ελληνικά",
    "emoji 🙂 and 👩‍🔬 together",
    "x_1 = y**2; // 3.14159 ½ ² Ⅷ",
    "<|endoftext|>between<|endoftext|>",
    "non\u00a0breaking\u2003blanks\u3000here",
    "snake_case CamelCase ALLCAPS a1b2c3",
    "\r\nwindows\r\n",
    "'s 't 'S",
]


def main():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=650, special_tokens=["<|endoftext|>", "<|padding|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(TEXT, trainer)
    # Runs of blanks are tokens of their own, as in GPT-NeoX.
    tokenizer.add_tokens([AddedToken(" " * n, normalized=True, special=False) for n in range(4, 1, -1)])
    tokenizer.save(str(HERE / "tokenizer.json"))
    expected = [{"text": text, "tokens": tokenizer.encode(text).ids} for text in TEXTS]
    (HERE / "expected.json").write_text(json.dumps({"texts": expected}, indent=1) + "\n")


if __name__ == "__main__":
    main()
