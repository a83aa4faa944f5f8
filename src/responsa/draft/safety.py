"""Questions that a page must not answer: somebody in danger, a dose for somebody here and now, harm to others.

By words, and narrow: it asks for the first person or an act, so that a text on suicide or on poisons can be written.
What it lets through is still read by an editor before it is a page.
"""

import re
from typing import Final

_ME: Final = (
    r"(?:i|we|me|my (?:[\w-]+ )?(?:[\w-]+-old|baby|child|kid|son|daughter|wife|husband|mother|father|mum|mom|dad|grandmother"
    r"|grandfather|grandma|grandpa|sister|brother|aunt|uncle|friend|partner|dog|cat))"
)
_DOSE: Final = r"\b(?:how (?:much|many)|what (?:dose|dosage|amount)|which dose)\b"
_RULES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), why)
    for pattern, why in (
        (
            r"\b(?:kill|hurt|harm|hang|cut|poison|drown) (?:myself|yourself|oneself|himself|herself|themselves)\b|\bend(?:ing)? my (?:own )?life\b"
            r"|\bcommit(?:ting)? suicide\b|\b(?:painless|easiest|best|quickest|surest) (?:way|method)s? (?:to die|of dying|of suicide)\b"
            r"|\bi(?:['’]?m| am| feel)\b.{0,20}\bsuicidal\b|\bhow (?:do|can|could|would|to) (?:i )?overdose\b"
            r"|\bi (?:want|wish|am going|plan) to die\b|\bsuicide methods?\b|\blethal dose (?:for|to)\b",
            "somebody may be about to harm themselves",
        ),
        (
            rf"\b{_ME}(?:['’]?(?:ve|s)| have| has| had| just)* (?:just |accidentally )*(?:swallowed|overdosed|took too (?:much|many)|taken (?:\w+ )?\d+)"
            rf"|\b{_ME}\b.{{0,20}}\b(?:vomit\w*|cough\w*|throw\w*|bring\w*|pass\w*) (?:up )?blood\b"
            rf"|\bi(?: think i)?(?:['’]?m| am) having (?:a |an )(?:stroke|heart attack|seizure)|\bi have (?:\w+ )?chest pain\b"
            rf"|\b{_ME} (?:can(?:no|['’])t breathe|(?:is|am|are)(?: not|n['’]t) breathing|(?:is|am) (?:unconscious|bleeding heavily|having a (?:stroke|heart attack|seizure)))"
            r"|\bright now\b.{0,60}\b(?:pain|bleeding|breath|unconscious)|\b(?:chest pain|bleeding)\b.{0,60}\bright now\b",
            "this sounds like an emergency",
        ),
        (
            rf"{_DOSE}.{{0,80}}\b(?:should|can|may|could|must|do|shall) {_ME}\b.{{0,40}}\b(?:take|give|inject|swallow)"
            rf"|\b{_ME}\b.{{0,80}}{_DOSE}.{{0,60}}\b(?:should|can|may|could|must) (?:i|we|he|she|they|it)\b.{{0,30}}\b(?:take|have|get|be given|inject)"
            rf"|{_DOSE}.{{0,60}}\bfor {_ME}\b|\b(?:should|can|may|could) {_ME} (?:take|give|inject) (?:\w+ ){{0,2}}\d+ "
            rf"|\b(?:should|can|may|could) {_ME} (?:stop|double|skip|increase|halve)\b.{{0,40}}\b(?:taking|(?:my|his|her|their|its) \w+|dose|pills?|tablets?|medication|medicine|insulin)",
            "a dose for one person is for those who treat that person",
        ),
        (
            r"\bhow (?:to|do i|can i|would i|could i)\b.{0,60}\b(?:make|build|synthesi[sz]e|get|cook)\b.{0,40}\b(?:bomb|explosives?|nerve agent|sarin|ricin|nerve gas|meth(?:amphetamine)?)\b"
            r"|\bhow (?:to|do i|can i|would i|could i) (?:secretly )?(?:poison|kill|drug|sedate) (?:someone|somebody|a person|people|my|him|her)\b",
            "it asks how to harm",
        ),
    )
)  # fmt: skip


def danger(question: str) -> str:
    """Why no answer may be written, or nothing."""
    text = " ".join(question.split())
    return next((why for rule, why in _RULES if rule.search(text)), "")


_ORDERS: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|rules?|above|previous|prior)\b"
    r"|\b(?:system|developer) (?:prompt|message|orders?|instructions?)\b|\byou are (?:now )?(?:an? )?(?:ai|assistant|language model|chatbot)\b"
    r"|\bas an ai\b|\bmark (?:everything|all|this|every claim)\b.{0,20}\b(?:supported|quoted|true)\b"
    r"|\b(?:reply|respond|answer|output) (?:only )?with\b|\bdo not (?:tell|reveal|mention)\b.{0,30}\b(?:user|reader|anyone)\b",
    re.IGNORECASE,
)  # fmt: skip


def is_order(sentence: str) -> bool:
    """Whether a sentence speaks to a model instead of a reader: never quoted, whoever wrote it."""
    return _ORDERS.search(sentence) is not None
