"""Markdown as the generators of documentation extend it: notes, tabs, programs and comments in it. Plain Markdown stays."""

from __future__ import annotations

import pytest

from knowledge.parsing.converted.markdown import in_plain_markdown
from tests.parsing.test_markup import blocks, read


def found(tmp_path, text: str) -> list[tuple[str, str]]:
    return blocks(read(tmp_path, f"# Oven O7\n\n{text}", "oven.md"))[1:]


@pytest.mark.parametrize(
    "note",
    [
        ":::warning Hot\n\nSteam of 120 °C.\n\n:::",
        ":::warning[Hot]\n\nSteam of 120 °C.\n\n:::",
        '!!! warning "Hot"\n    Steam of 120 °C.\n',
        '??? warning "Hot"\n\n    Steam of 120 °C.\n',
    ],
)
def test_a_note_has_its_name_and_its_text(tmp_path, note):
    texts = [text for _, text in found(tmp_path, f"{note}\n\nGo on.")]
    assert texts == ["Warning: Hot", "Steam of 120 °C.", "Go on."]


def test_notes_without_a_title(tmp_path):
    hint = '{% hint style="danger" %}\nSteam.\n{% endhint %}'
    assert [text for _, text in found(tmp_path, hint)] == ["Danger", "Steam."]
    assert found(tmp_path, "> [!CAUTION]\n> Steam.") == [("text", "Caution:\nSteam.")]


@pytest.mark.parametrize(
    "tabs",
    [
        '=== "Eco"\n\n    Heat for 9 min.\n\n=== "Boost"\n\n    Heat for 4 min.\n',
        '{% tabs %}\n{% tab title="Eco" %}\nHeat for 9 min.\n{% endtab %}\n{% tab title="Boost" %}\nHeat for 4 min.\n{% endtab %}\n{% endtabs %}',
        'import Tabs from "x";\n\n<Tabs>\n<TabItem value="e" label="Eco">\n\nHeat for 9 min.\n\n</TabItem>\n<TabItem value="b" label="Boost">\n\nHeat for 4 min.\n\n</TabItem>\n</Tabs>',
    ],
)
def test_each_page_of_tabs_says_which_it_is(tmp_path, tabs):
    assert found(tmp_path, tabs) == [
        ("text", text) for text in ("Eco:", "Heat for 9 min.", "Boost:", "Heat for 4 min.")
    ]


def test_comments_and_names_of_places_are_no_text(tmp_path):
    text = "## Cleaning {#clean .new}\n\nUse soap. {/* ask the\nlab */}"
    assert [text for _, text in found(tmp_path, text)] == ["Cleaning", "Use soap."]


def test_code_and_plain_markdown_stay_as_they_are():
    for text in (
        "# A\n\n```\n::: note\nimport x from 'y';\n```\n",
        "import the file from disk.\n\n    !!! note\n\nText {x} and [!note].\n",
        "Set it to `{#a}`.\n\n## Use {x}\n",
    ):
        assert in_plain_markdown(text) == text


@pytest.mark.parametrize(
    "note", ["::: warning\nKeep 5 m away.\n:::", "::: warning Hot\nSteam.\n:::"]
)
def test_the_name_of_a_note_heads_nothing_where_a_text_has_no_headings(tmp_path, note):
    text = f"Drone D-4 is small.\n\n{note}\n\nThe battery holds 240 g.\n"
    kinds = [kind for kind, _ in blocks(read(tmp_path, text, "drone.md"))]
    assert kinds == ["text"] * 4


def test_notes_are_called_and_begin_by_the_same_mark(tmp_path):
    text = "At most 10 A[^1] at 230 V[^us].\n\nThe pattern `[^1]` and [^2].\n\n[^1]: With the kit.\n[^us]: Not in the US."
    assert [told for _, told in found(tmp_path, text)] == [
        "At most 10 A[1] at 230 V[us].", "The pattern [^1] and [^2].", "[1] With the kit.", "[us] Not in the US.",
    ]  # fmt: skip


def test_shortcodes_of_hugo_go_and_their_text_stays(tmp_path):
    text = """{{< hint warning >}}
**Hot** surface: wait 5 min.
{{< /hint >}}
{{% alert title="Burns" color="warning" %}}
Wear gloves.
{{% /alert %}}
{{< tabs "id" >}}{{< tab "Linux" >}} Run setup.sh {{< /tab >}}
{{% tab name="macOS" %}}
Run setup.pkg
{{% /tab %}}{{< /tabs >}}

Press {{< kbd "Ctrl+S" >}}, see [Start]({{< ref "start.md" >}}). {{ value }} and `{{< hint >}}` stay.

{{< figure src="a.png"
  caption="The lid is open" >}}

{{< highlight sh >}}
import x from "y"
{{< /highlight >}}

```
{{< note >}}
```
"""
    assert [told for _, told in found(tmp_path, text)] == [
        "Warning:", "Hot surface: wait 5 min.", "Warning: Burns:", "Wear gloves.", "Linux:", "Run setup.sh", "macOS:", "Run setup.pkg",
        "Press Ctrl+S, see Start. {{ value }} and {{< hint >}} stay.", "The lid is open", 'import x from "y"', "{{< note >}}",
    ]  # fmt: skip
