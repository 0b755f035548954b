namespace Dayu.Text;

/// <summary>The <c>pattern</c> of a Split or a Replace in tokenizer.json: <c>{"String": …}</c> or <c>{"Regex": …}</c>.</summary>
static class TokenizerJsonPattern
{
    public static Pattern Read(JsonAt pattern)
    {
        pattern.Only("String", "Regex");
        if (!pattern["Regex"].IsNull) return new RegexPattern(pattern["Regex"].String());
        var literal = pattern["String"];
        return literal.String().Length > 0 ? new LiteralPattern(literal.String()) : throw literal.NotKnown("an empty string", "one or more characters");
    }
}
