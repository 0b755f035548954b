using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Each rule drops what it is for, and says so; good texts stay.</summary>
public sealed class QualityTests
{
    const string English = """
        The city lies on both banks of the river, and most of its people work in the harbour or in the mills that stand along it.
        It was founded by fishermen who had come from the islands in the north; nobody knows exactly when they built the first houses.
        A fire destroyed nearly everything in the spring of that year, but the council decided to build again with stone and brick.

        Today visitors walk over the old bridge to see the market, where farmers sell cheese, honey and apples to anyone with a basket.
        """;

    const string Chinese = """
        这座城市位于河的两岸，大多数居民在港口或者沿河的工厂里工作。它是由北方岛屿来的渔民建立的，没有人确切知道第一批房屋是什么时候建成的。
        那年春天的一场大火几乎烧毁了一切，但是议会决定用石头和砖重新建造。

        今天，游客们走过古老的桥去看市场，农民在那里向每一个带着篮子的人出售奶酪、蜂蜜和苹果。
        """;

    static string Times(int count, string text) => string.Concat(Enumerable.Repeat(text, count));

    static string Distinct(int count) => string.Join(' ', Enumerable.Range(0, count).Select(i =>
        $"word{(char)('a' + i % 26)}{(char)('a' + i / 26)}"));

    public static TheoryData<string, string> EnglishFaults => new()
    {
        { "gopher.words", "The end of the story." },
        { "gopher.word_length", Times(60, "a b to of ") },
        { "gopher.symbols", string.Join(" ", English.Split(' ').Select((w, i) => i % 5 == 0 ? "#" + w : w)) },
        { "gopher.alphabetic", string.Join(" ", English.Split(' ').Select((w, i) => i % 3 == 0 ? "12,345" : w)) },
        { "gopher.stop_words", Distinct(80) },
        { "gopher.bullets", "* " + English.Replace("\n", "\n* ", StringComparison.Ordinal).Replace("* \n", "", StringComparison.Ordinal) },
        { "gopher.ellipsis_lines", English.Replace(".\n", "...\n", StringComparison.Ordinal) },
        { "gopher.duplicate_lines", English + Times(4, "\nRead more about this.") },
        { "gopher.duplicate_line_characters", English.Split('\n').MaxBy(l => l.Length) + "\n" + English },
        { "gopher.top_2gram", Distinct(40) + Times(30, " to the") },
        { "gopher.duplicate_5grams", Phrases(English.Replace('\n', ' '), 6) },
    };

    /// <summary>The text with the same few words again in other places, parted by others.</summary>
    static string Phrases(string text, int count) =>
        text + string.Concat(Enumerable.Range(0, count).Select(i =>
            $" and they {Distinct(30).Split(' ')[i]} that with a basket of apples"));

    [Theory, MemberData(nameof(EnglishFaults))]
    public void EnglishFaultsAreNamed(string rule, string text) => Assert.Equal(rule, GopherRules.English.Check(text)?.Rule.Name);

    public static TheoryData<string, string> ChineseFaults => new()
    {
        { "gopher.zh.characters", "太短了。" },
        { "gopher.zh.han", Chinese + English },
        { "gopher.zh.punctuation", string.Concat(Chinese.Where(c => !char.IsPunctuation(c))) },
        { "gopher.zh.stop_characters", string.Concat(Enumerable.Range(0, 200).Select(i => (char)(0x8000 + i) + (i % 9 == 0 ? "，" : ""))) },
        { "gopher.zh.symbols", Chinese.Replace("，", "……", StringComparison.Ordinal) },
        { "gopher.duplicate_line_characters", Chinese.Split('\n')[0] + "\n" + Chinese },
        { "gopher.top_2gram", Chinese.Replace("\n", "", StringComparison.Ordinal) + Times(20, "加盟热线，") },
    };

    [Theory, MemberData(nameof(ChineseFaults))]
    public void ChineseFaultsAreNamed(string rule, string text) => Assert.Equal(rule, GopherRules.Chinese.Check(text)?.Rule.Name);

    [Fact]
    public void GoodTextsStay()
    {
        Assert.Null(GopherRules.English.Check(English));
        Assert.Null(GopherRules.Chinese.Check(Chinese));
        Assert.Equal((English.Trim(), null), (C4Rules.English.Clean(English).Text, C4Rules.English.Clean(English).Breach));
        Assert.Equal((Chinese.Trim(), null), (C4Rules.Chinese.Clean(Chinese).Text, C4Rules.Chinese.Clean(Chinese).Breach));
    }

    [Fact]
    public void ABreachSaysRuleValueAndBounds() => Assert.Equal(
        "gopher.words: it is too short or too long, in words (5; 50 to 100,000)",
            GopherRules.English.Check("The end of the story.")!.ToString());

    [Fact]
    public void ThresholdsAreData()
    {
        var loose = GopherRules.English with { Rules = [GopherRules.English.Rules[0] with { Least = 5 }] };
        Assert.Null(loose.Check("The end of the story."));
    }

    /// <summary>Worked by hand: "a b c a b c a b": the 3-grams from place 3 on stood before, and cover places 3 to 7 of 8.</summary>
    [Fact]
    public void RepetitionsAreThoseOfThePaper()
    {
        var units = new HashedUnits(["a", "b", "c", "a", "b", "c", "a", "b"]);
        Assert.Equal(5 / 8.0, Repetition.Duplicates(units, 3));
        Assert.Equal(6 / 8.0, Repetition.Top(units, 2));             // "a b", three times
        Assert.Equal(0, Repetition.Top(new(["a", "b", "c"]), 2));
        Assert.Equal(0.5, Repetition.OfParts(["x", "longer", "x", "longer"]));
        Assert.Equal(1 / 8.0, Repetition.OfCharacters(["x", "longer", "x"]));
    }

    [Fact]
    public void LinesOfTheSiteAreDropped()
    {
        var cleaned = C4Rules.English.Clean("Home | About\n" + English + "\nToo short.\nPlease enable Javascript to see all of this page.\n"
            + "By going on you accept our Privacy Policy and all it says.\nRead all of the story here...");
        Assert.Equal(English.Trim(), cleaned.Text);
        Assert.Equal(new Dictionary<string, int> { ["c4.javascript"] = 1, ["c4.line_end"] = 2, ["c4.line_length"] = 1,
            ["c4.policy"] = 1 }, cleaned.Lines);
    }

    [Theory, InlineData("c4.sentences", "Only one sentence stands here now."),
        InlineData("c4.lorem_ipsum", "Lorem ipsum dolor sit amet, it is.\n" + English),
        InlineData("c4.braces", English + "\nIt says function() { return 1; } to everybody who reads it.")]
    public void DocumentsOfC4AreDroppedByName(string rule, string text) =>
        Assert.Equal(rule, C4Rules.English.Clean(text).Breach?.Rule.Name);
}
