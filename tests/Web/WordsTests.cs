using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dayu.Tests;

/// <summary>Both languages say everything, and nothing that is not asked for.</summary>
public sealed partial class WebWordsTests
{
    const string Folder = "src/Dayu.Web/page/";

    static Dictionary<string, string> Words(string file) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(House.Text($"{Folder}words/{file}"))!;

    static IEnumerable<string> Sources => House.Files.Where(f => f.StartsWith(Folder, StringComparison.Ordinal)
        && Path.GetExtension(f) is ".js" or ".html");

    [Fact]
    public void LanguagesHaveTheSameKeys() => Assert.Equal(Words("en.json").Keys.Order(), Words("zh.json").Keys.Order());

    [Fact]
    public void NoTextIsEmptyAndPlacesAreTheSame()
    {
        var (en, zh) = (Words("en.json"), Words("zh.json"));
        House.None("a text is empty, or its {places} differ", en.Keys.Where(k =>
            string.IsNullOrWhiteSpace(en[k]) || string.IsNullOrWhiteSpace(zh[k])
            || k != "trouble.busyFor.one" && !Places(en[k]).SetEquals(Places(zh[k]))));
    }

    [Fact]
    public void ChineseIsChinese() => House.None("not translated", Words("zh.json")
        .Where(w => w.Key != "sibling" && !w.Value.EnumerateRunes().Any(r => r.Value is >= 0x4e00 and < 0xa000) && w.Key != "language")
        .Select(w => $"{w.Key}: {w.Value}"));

    [Fact]
    public void EveryTextIsUsed()
    {
        var code = string.Join('\n', Sources.Select(House.Text));
        House.None("no file of the page names this text", Words("en.json").Keys.Where(k =>
        {
            var name = k.Split('.') is [.. var rest, "one" or "other"] ? string.Join('.', rest) : k;
            var family = name.Contains('.') ? name[..(name.IndexOf('.') + 1)] : null;      // `trouble.${kind}`
            return !code.Contains($"'{name}'", StringComparison.Ordinal) && !code.Contains($"\"{name}\"", StringComparison.Ordinal)
                && !(family is not null && code.Contains($"`{family}${{", StringComparison.Ordinal));
        }));
    }

    [Fact]
    public void EveryTextThatIsNamedIsThere()
    {
        var words = Words("en.json");
        House.None("no such text", from file in Sources
                                   from Match m in Named().Matches(House.Text(file))
                                   let key = m.Groups[1].Value
                                   where !words.ContainsKey(key) && !words.ContainsKey(key + ".other")
                                   select $"{file}: {key}");
    }

    static HashSet<string> Places(string text) => [.. Place().Matches(text).Select(m => m.Value)];

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Place();

    [GeneratedRegex("""(?:data-(?:say|name|placeholder)="|\b(?:say|name|t)\((?:[^'"`]*?, )?')([a-z.]+)['"]""")]
    private static partial Regex Named();
}
