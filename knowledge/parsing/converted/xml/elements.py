"""What the elements of DITA 1.3 and DocBook 4 and 5 are to a reader. Names only; knows no file."""

from __future__ import annotations

from typing import Any

DITA_ROOTS = frozenset(
    "topic concept task reference troubleshooting glossentry glossgroup glossary dita map bookmap subjectscheme".split()
)
DOCBOOK_ROOTS = frozenset(
    "book article chapter section sect1 part appendix preface refentry reference set topic glossary".split()
)
MAPS = frozenset(("map", "bookmap"))
# What has a title of its own, and what is below it
SECTIONS = frozenset(
    """topic concept task reference troubleshooting glossgroup section example refsyn bodydiv conbodydiv
    prereq context result postreq condition cause remedy troubleSolution
    set book part chapter appendix preface article sect1 sect2 sect3 sect4 sect5 simplesect refentry refsect1 refsect2
    refsect3 refsection refsynopsisdiv glossary glossdiv dedication acknowledgements partintro qandaset qandadiv task
    tasksummary taskprerequisites taskrelated procedure""".split()
)
SKIPPED = frozenset(
    """prolog metadata titlealts related-links reltable indexterm draft-comment required-cleanup data data-about foreign
    unknown object param searchtitle navtitle topicmeta colspec spanspec
    remark toc lot index setindex bibliography titleabbrev revhistory beginpage refmeta refclass colophon co calloutlist
    areaspec imagedata videodata audiodata screeninfo textdata subjectset keywordset annotation alt""".split()
)
INFO = frozenset(
    """info bookinfo setinfo partinfo chapterinfo appendixinfo prefaceinfo articleinfo sectioninfo sect1info sect2info
    sect3info sect4info sect5info refentryinfo glossaryinfo blockinfo objectinfo""".split()
)
PARAGRAPHS = frozenset(
    """p para simpara shortdesc abstract cmd info stepresult stepxmp tutorialinfo stepsection steptroubleshooting
    howtoavoid consequence typeofhazard lq blockquote epigraph attribution subtitle bridgehead caption
    funcsynopsis cmdsynopsis figgroup linegroup desc glossAlt glossSurfaceForm address lines""".split()
)
LISTED = {
    "ul": "ul", "sl": "ul", "itemizedlist": "ul", "simplelist": "ul", "choices": "ul", "steps-unordered": "ul",
    "stepalternatives": "ul", "ol": "ol", "orderedlist": "ol", "steps": "ol", "substeps": "ol", "dl": "dl",
    "parml": "dl", "variablelist": "dl", "glosslist": "dl", "glossentry": "dl",
}  # fmt: skip
ITEMS = {
    "li": "li", "sli": "li", "listitem": "li", "member": "li", "step": "li", "substep": "li", "choice": "li",
    "dt": "dt", "pt": "dt", "term": "dt", "dd": "dd", "pd": "dd", "ddhd": "dd", "dthd": "dt",
    "glossdef": "dd",
}  # fmt: skip
LISTINGS = frozenset(
    "pre codeblock msgblock screen programlisting literallayout synopsis screenlines".split()
)
SMALL = {"sup": "sup", "superscript": "sup", "sub": "sub", "subscript": "sub"}
FIGURES = frozenset(("fig", "figure", "informalfigure"))
PICTURES = frozenset(("mediaobject", "inlinemediaobject", "image"))
LINKS = frozenset(("xref", "link", "ulink", "olink"))
NOTES_BELOW = frozenset(("fn", "footnote"))
JOINED = {"menucascade": " > ", "menuchoice": " > ", "keycombo": "+"}
NOTES = {
    "note": "Note", "tip": "Tip", "warning": "Warning", "caution": "Caution", "important": "Important", "danger": "Danger",
    "attention": "Attention", "notice": "Notice", "remember": "Remember", "restriction": "Restriction",
    "fastpath": "Fast path", "trouble": "Trouble",
}  # fmt: skip
NOTE_ELEMENTS = frozenset(
    ("note", "tip", "warning", "caution", "important", "danger", "hazardstatement")
)
_NOTES_IN = {
    "de": {"note": "Hinweis", "tip": "Tipp", "warning": "Warnung", "caution": "Vorsicht", "important": "Wichtig", "danger": "Gefahr", "attention": "Achtung", "notice": "Achtung"},
    "fr": {"note": "Remarque", "tip": "Conseil", "warning": "Avertissement", "caution": "Attention", "important": "Important", "danger": "Danger", "attention": "Attention", "notice": "Avis"},
    "es": {"note": "Nota", "tip": "Consejo", "warning": "Advertencia", "caution": "Precaución", "important": "Importante", "danger": "Peligro", "attention": "Atención", "notice": "Aviso"},
    "it": {"note": "Nota", "tip": "Suggerimento", "warning": "Avvertenza", "caution": "Attenzione", "important": "Importante", "danger": "Pericolo", "attention": "Attenzione", "notice": "Avviso"},
}  # fmt: skip
XML = "{http://www.w3.org/XML/1998/namespace}"
XLINK = "{http://www.w3.org/1999/xlink}"


def local(element: Any) -> str:
    """The name of an element without its namespace; "" for a comment and its like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def note_label(kind: str, language: str) -> str:
    """The word before a note: "Warning", in the manual's language where it is one of five."""
    names = _NOTES_IN.get(language[:2].lower(), NOTES)
    return names.get(kind) or NOTES.get(kind) or kind[:1].upper() + kind[1:]


def title_of(root: Any) -> str:
    """The title of a topic, book or map, or ""."""
    for child in root:
        if local(child) in ("title", "booktitle"):
            main = next((e for e in child if local(e) == "mainbooktitle"), child)
            return " ".join("".join(main.itertext()).split())
        if local(child) in INFO and (told := title_of(child)):
            return told
    return ""
