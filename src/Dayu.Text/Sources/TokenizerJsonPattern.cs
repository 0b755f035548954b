namespace Dayu.Text;

/// <summary>
/// The <c>pattern</c> of a Split or a Replace in tokenizer.json: <c>{"String": …}</c> or <c>{"Regex": …}</c>.
/// </summary>
static class TokenizerJsonPattern
{
    public static Pattern Read(JsonAt pattern)
    {
        pattern.AllowOnly("String", "Regex");
        if (!pattern["Regex"].IsNull) return Pattern.OfRegex(pattern["Regex"].String());
        var literal = pattern["String"];
        if (literal.String().Length == 0) throw literal.Unsupported("an empty string", "one or more characters");
        return new LiteralPattern(literal.String());
    }
}
