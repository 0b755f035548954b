namespace Dayu.Templates;

/// <summary>
/// <c>lipsum()</c>: paragraphs of Latin words that mean nothing. Which ones follows from the rendering's clock alone,
/// so the same time gives the same text.
/// </summary>
static class Lorem
{
    static readonly string[] words =
        ("lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna aliqua enim "
        + "ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo consequat").Split(' ');

    public static Value Text(Slots a)
    {
        int paragraphs = a.Int(0, 5), min = a.Int(2, 20), max = a.Int(3, 100);
        bool html = a.Truth(1, missing: true);
        if (min >= max)
            throw new TemplateException("lipsum(): max must be greater than min");
        var to = new TextBuilder(a.Run);
        for (int i = 0; i < paragraphs; i++)
        {
            a.Run.Step();
            to.Append(i == 0 ? "" : html ? "\n" : "\n\n").Append(html ? "<p>" : "");
            Paragraph(to, a.Run.Chance.Next(min, max));
            to.Append(html ? "</p>" : "");
        }
        return new TextValue(to.ToText(), safe: html);
    }

    static void Paragraph(TextBuilder to, int count)
    {
        var chance = to.Run.Chance;
        for (int left = count, sentence = 0; left > 0; left--)
        {
            to.Run.Step();
            string word = words[chance.Next(words.Length)];
            bool begins = sentence == 0;
            sentence = begins ? chance.Next(4, 14) : sentence;
            to.Append(begins ? $"{char.ToUpperInvariant(word[0])}{word[1..]}" : word);
            sentence--;
            to.Append(left == 1 ? "." : sentence == 0 ? ". " : " ");
        }
    }
}
