using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Dayu.Cli;

/// <summary>Of a random sequence; null: whichever comes, which others write as −1.</summary>
readonly record struct Seed(ulong? Value);

/// <summary>
/// Numbers as people write them: on the command line, in variables, in files, after a slash. The decimal sign is a point, and nothing
/// stands between the digits: <c>0,5</c> is half to some and a list to others, so it is an error that says what is meant.
/// </summary>
static class Numbers
{
    const NumberStyles Whole = NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent;
    const NumberStyles Real = Whole | NumberStyles.AllowDecimalPoint;
    const string Separators = ",_'’ \u00a0\u202f", RandomSeed = "-1";

    public static bool TryReal(string text, out double value) =>
        double.TryParse(text, Real, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    public static bool TryWhole(string text, out int value) => int.TryParse(text, Whole, CultureInfo.InvariantCulture, out value);

    public static bool TrySeed(string text, out Seed seed)
    {
        var isNumber = ulong.TryParse(text, Whole, CultureInfo.InvariantCulture, out var value);
        seed = new(isNumber ? value : null);
        return isNumber || text == RandomSeed;
    }

    /// <summary>Lets an option that takes a number read it so.</summary>
    public static void Teach(Option option)
    {
        switch (option)
        {
            case Option<int> o: o.CustomParser = r => TryWhole(Text(r), out var n) ? n : Fail<int>(r); break;
            case Option<int?> o: o.CustomParser = r => TryWhole(Text(r), out var n) ? n : Fail<int?>(r); break;
            case Option<float?> o: o.CustomParser = r => TryReal(Text(r), out var x) ? (float)x : Fail<float?>(r); break;
            case Option<double?> o: o.CustomParser = r => TryReal(Text(r), out var x) ? x : Fail<double?>(r); break;
            case Option<Seed?> o: o.CustomParser = r => TrySeed(Text(r), out var seed) ? seed : Fail<Seed?>(r); break;
        }
    }

    static string Text(ArgumentResult result) => result.Tokens is [var only] ? only.Value : "";

    /// <summary>A mark only: what is told of it, <see cref="Error"/> says in the language that is wanted.</summary>
    static T? Fail<T>(ArgumentResult result)
    {
        result.AddError("no number");
        return default;
    }

    /// <summary>Whether an option takes a number.</summary>
    public static bool AreTakenBy(Option option) => IsWhole(option) || option is Option<float?> or Option<double?>;

    /// <summary>What to tell of a text that is no number.</summary>
    /// <param name="name">What takes a number.</param>
    /// <param name="text">What it was given.</param>
    /// <param name="isWhole">Whether only a whole number will do.</param>
    public static CliError Error(string name, string text, bool isWhole)
    {
        if (isWhole && decimal.TryParse(text, Whole, CultureInfo.InvariantCulture, out var n))
            return new(2006, new Phrase(n < 0 ? "not-positive" : "too-large", name, text, int.MaxValue));
        return Meant(text, isWhole) is { } meant ? new(2050, name, text, Kind(isWhole), meant) : new(2013, name, text, Kind(isWhole));
    }

    /// <summary>What such a number is called.</summary>
    public static Phrase Kind(bool isWhole) => new(isWhole ? "number.whole" : "number.real");

    /// <summary>Whether an option's number must be whole.</summary>
    public static bool IsWhole(Option option) => option is Option<int> or Option<int?> or Option<Seed?>;

    /// <summary>The number that was probably meant, as it is to be written; null: no idea.</summary>
    public static string? Meant(string text, bool isWhole)
    {
        var plain = string.Concat(text.Trim('"', ' ').Select(Narrow));
        if (!isWhole && plain.EndsWith('%') && TryReal(plain[..^1].TrimEnd(), out var percent)) return $"{percent / 100}";
        var joined = string.Concat(plain.Where(c => !Separators.Contains(c)));
        string[] candidates = isWhole ? [plain, joined] : plain.Contains('.') ? [plain] : [plain, plain.Replace(',', '.'), joined];
        return candidates.FirstOrDefault(c => c != text && (isWhole ? TryWhole(c, out _) : TryReal(c, out _)));
    }

    /// <summary>The same sign as keyboards without full-width characters write it.</summary>
    static char Narrow(char c) => c is >= '！' and <= '～' ? (char)(c - '！' + '!') : c;
}
