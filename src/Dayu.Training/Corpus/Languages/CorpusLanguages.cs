namespace Dayu.Training;

/// <summary>What is told apart in a corpus, in tags of BCP 47 where there is one.</summary>
public static class CorpusLanguages
{
    /// <summary>English.</summary>
    public const string English = "en";

    /// <summary>Modern Chinese in simplified characters, or in those that both scripts share.</summary>
    public const string Simplified = "zh-hans";

    /// <summary>Modern Chinese in traditional characters.</summary>
    public const string Traditional = "zh-hant";

    /// <summary>Classical Chinese, prose and poems, in either script.</summary>
    public const string Classical = "lzh";

    /// <summary>Any other language.</summary>
    public const string Other = "other";

    /// <summary>No natural language: program code, tables of numbers, too few letters.</summary>
    public const string None = "none";

    /// <summary>All answers.</summary>
    public static IReadOnlyList<string> All { get; } = [English, Simplified, Traditional, Classical, Other, None];
}
