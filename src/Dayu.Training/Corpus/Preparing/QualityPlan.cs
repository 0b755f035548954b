namespace Dayu.Training;

/// <summary>The rules that a document is held to by its language; a language without rules passes.</summary>
public static class QualityPlan
{
    /// <summary>
    /// What measures modern prose, or the length of a page: a poem of forty characters without a modern particle is no bad one.
    /// </summary>
    static readonly HashSet<string> modern =
        ["gopher.zh.characters", "gopher.zh.stop_characters", "gopher.duplicate_lines", "gopher.duplicate_line_characters"];

    static readonly QualityFilter longEnglish = Unbounded(GopherRules.English, "gopher.words");

    static readonly QualityFilter longChinese = Unbounded(GopherRules.Chinese, "gopher.zh.characters");

    static readonly QualityFilter classical = GopherRules.Chinese with
    {
        Name = "Gopher, for classical Chinese",
        Rules = [.. GopherRules.Chinese.Rules.Where(r => !modern.Contains(r.Name) && !r.Name.Contains("gram", StringComparison.Ordinal))],
    };

    /// <summary>C4's rules of a language; null: none are wanted, or there are none.</summary>
    public static C4Rules? LinesOf(QualityRules wanted, string language) => wanted is not (QualityRules.C4 or QualityRules.All) ? null
        : IsChinese(language) ? C4Rules.Chinese : language == "en" ? C4Rules.English : null;

    /// <summary>Gopher's rules of a language; null: none are wanted, or there are none.</summary>
    public static QualityFilter? FilterOf(QualityRules wanted, string language) => (wanted, language) switch
    {
        (QualityRules.None or QualityRules.C4, _) => null,
        (QualityRules.Auto, "lzh") => classical,
        (QualityRules.Auto, "en") => longEnglish,
        (QualityRules.Auto, "zh-hans" or "zh-hant") => longChinese,
        (_, "en") => GopherRules.English,
        (_, "zh-hans" or "zh-hant" or "lzh") => GopherRules.Chinese,
        _ => null,
    };

    static bool IsChinese(string language) => language is "zh-hans" or "zh-hant" or "lzh";

    /// <summary>A novel is not of poor quality because it is longer than a page of the web.</summary>
    static QualityFilter Unbounded(QualityFilter filter, string rule) => filter with
    {
        Rules = [.. filter.Rules.Select(r => r.Name == rule ? r with { Reason = "it is too short", Most = double.PositiveInfinity } : r)],
    };
}
