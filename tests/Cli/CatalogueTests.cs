using System.Text.RegularExpressions;
using Dayu.Cli;

namespace Dayu.Tests;

/// <summary>Both languages say everything, with the same values put in.</summary>
public sealed partial class CatalogueTests
{
    public static TheoryData<string> Languages() => [.. Strings.Known];

    [Fact]
    public void LanguagesHaveTheSameKeysAndPlaces()
    {
        var (en, zh) = (Strings.Of("en").All, Strings.Of("zh-CN").All);
        Assert.Equal(en.Keys.Order(StringComparer.Ordinal), zh.Keys.Order(StringComparer.Ordinal));
        foreach (var key in en.Keys.Where(k => !k.EndsWith(".hint", StringComparison.Ordinal)))
        {
            var (english, chinese) = (Places(en[key]), Places(zh[key]));
            Assert.True(english == chinese, $"{key}: {english} in English, {chinese} in Chinese");
        }
    }

    static string Places(string text) =>
        string.Join(' ', Place().Matches(text).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal));

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();

    /// <summary>A text that is missing shows as its key.</summary>
    [Theory, MemberData(nameof(Languages))]
    public void EveryCommandAndOptionHasItsText(string language)
    {
        foreach (var path in Paths(Program.Contents, []).Prepend([]))
        {
            var help = Caller.Do([.. path, "--help", "--lang", language[..2]]);
            Assert.Equal(0, help.Code);
            Assert.DoesNotMatch(@"\b(command|usage|argument|option|help)\.[-a-z]", help.Out);
            Assert.Equal("", help.Error);
        }
    }

    static IEnumerable<string[]> Paths(Entry[] entries, string[] above) =>
        entries.SelectMany(e => Paths(e.Commands, [.. above, e.Name]).Prepend([.. above, e.Name]));

    [Fact]
    public void TheEnvironmentChoosesTheLanguage()
    {
        (string, string)[] chinese = [("DAYU_LANG", "zh"), ("DOTNET_CLI_UI_LANGUAGE", "zh-Hans"), ("LANG", "zh_CN.UTF-8")];
        foreach (var (variable, value) in chinese) new Caller { Environment = { [variable] = value } }.Run("--help").Says("用法");
        new Caller { Environment = { ["DAYU_LANG"] = "zh" } }.Run("--help", "--lang", "en").Says("Usage");
    }

    [Fact]
    public void EveryErrorHasAHint()
    {
        foreach (var key in Strings.Of("en").All.Keys.Where(k => Error().IsMatch(k))) Assert.True(Strings.Of("en").Has(key + ".hint"), key);
    }

    [GeneratedRegex(@"^error\.\d{4}$")]
    private static partial Regex Error();
}
