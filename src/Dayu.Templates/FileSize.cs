namespace Dayu.Templates;

/// <summary><c>filesizeformat</c>: a number of bytes in the unit that makes it short.</summary>
static class FileSize
{
    const string Prefixes = "kMGTPEZY";

    public static string Show(Value value, bool binary)
    {
        double bytes = value switch
        {
            UndefinedValue u => throw u.Error(),
            TextValue t => Number.ParseReal(t.Text),
            _ => Number.Real(value),
        } ?? throw new TemplateException($"filesizeformat expects a number, found {value.Type}");
        double unit = binary ? 1024 : 1000;
        if (bytes == 1)
            return "1 Byte";
        if (double.IsNegativeInfinity(bytes))
            throw new TemplateException("filesizeformat: cannot convert float infinity to integer");
        if (bytes < unit)
            return FormattableString.Invariant($"{Math.Truncate(bytes):F0} Bytes").Replace("-0 ", "0 ", StringComparison.Ordinal);
        int prefix = 0;
        while (prefix < Prefixes.Length - 1 && !(bytes < Math.Pow(unit, prefix + 2)))
            prefix++;
        double shown = unit * bytes / Math.Pow(unit, prefix + 2);
        string number = double.IsFinite(shown) ? FloatText.Fixed(shown, 1) : Number.Show(shown);
        return $"{number} {(binary ? char.ToUpperInvariant(Prefixes[prefix]) + "i" : Prefixes[prefix])}B";
    }
}
