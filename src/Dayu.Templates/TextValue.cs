namespace Dayu.Templates;

/// <summary>
/// A string. What is added to one that <c>|safe</c> marked (<paramref name="safe"/>) is escaped for HTML, as Jinja's
/// Markup does. Who wrote it makes no difference to what it equals or where it is found.
/// </summary>
sealed class TextValue(AuthoredText text, bool safe = false) : Value
{
    /// <summary>The characters alone: to look at, not to pass on.</summary>
    public string Text => text.Text;

    /// <summary>The characters and who wrote them.</summary>
    public AuthoredText Authored => text;

    public bool Safe => safe;
    public override string Type => "str";
    public override bool Truth => text.Length > 0;
    public override int? Length => Runes.Length(Text);
    public override long Weight => 1 + (text.Length >> 5);
    public override IEnumerable<Value> Items => Runes.Split(text).Select(rune => (Value)rune);

    /// <summary>A string that the template, or the engine on its behalf, wrote.</summary>
    public static TextValue ByTemplate(string text) => new(AuthoredText.ByTemplate(text));

    public override Value? Item(Value key) =>
        key is IntValue or BoolValue && Runes.At(text, Number.Index(key)) is { } rune ? new TextValue(rune, safe) : null;

    public override Value? Attribute(string name) => TextMethods.Table.GetValueOrDefault(name)?.Bind(this);

    public override void Show(TextBuilder to)
    {
        to.Append(safe ? "Markup(" : "");
        Repr.Text(to, text);
        to.Append(safe ? ")" : "");
    }

    public override bool Equals(Value? other) => other is TextValue t && t.Text == Text;
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}
