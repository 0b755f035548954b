using Dayu.Training;

namespace Dayu.Tests;

/// <summary>What characters say of a script, against the codecs of another language and by hand.</summary>
public sealed class ChineseScriptsTests
{
    /// <summary>As many as Python's gb2312 and cp950 tell apart in U+4E00 … U+9FFF.</summary>
    [Fact]
    public void StandardsAreThoseOfPython()
    {
        var scripts = HanScripts.FromStandards();
        Assert.Equal((2379, 8684), (scripts.Count(s => s == ChineseModel.Simplified), scripts.Count(s => s == ChineseModel.Traditional)));
        Assert.Equal([1, 1, 2, 2, 0, 0], "国说國說人山".Select(c => (int)scripts[ChineseLetters.Of(c)]));
    }

    [Fact]
    public void FormsAreOfTheOtherScript()
    {
        var (scripts, forms) = (HanScripts.FromStandards(), SimplifiedForms.Table());
        Assert.Equal(920, forms.Index().Count(f => f.Index != f.Item));
        foreach (var (from, to) in forms.Index().Where(f => f.Index != f.Item))
        {
            Assert.NotEqual(ChineseModel.Simplified, scripts[from]);
            Assert.NotEqual(ChineseModel.Traditional, scripts[to]);
            Assert.Equal(to, forms[to]);
        }
        Assert.Equal("国说后于", string.Concat("國說後於".Select(c => (char)(forms[ChineseLetters.Of(c)] + 0x4E00))));
    }

    /// <summary>Pairs follow one another within a run; an unknown traditional character says nothing.</summary>
    [Fact]
    public void ARunIsScannedInPairs()
    {
        Assert.Equal([("山", "_山"), ("人", "山人"), ("", "人_"), ("A", ""), ("", ""), ("山", "_山"), ("", "山_")], Scan("山人，AB山"));
        Assert.Equal([("国", "_国"), ("", ""), ("山", ""), ("", "山_")], Scan("國龘山"));
    }

    static List<(string Character, string Pair)> Scan(string text)
    {
        var pairs = new Dictionary<int, string> { [-1] = "" };
        foreach (var a in "_山人国")
            foreach (var b in "_山人国") pairs[ChineseLetters.Pair(Number(a), Number(b))] = $"{a}{b}";
        var seen = new List<(string, string)>();
        var scan = new ChineseScan(text, HanScripts.FromStandards(), SimplifiedForms.Table());
        while (scan.Next())
            seen.Add((scan.Character switch
            {
                ChineseScan.Nothing => "",
                ChineseLetters.Foreign => "A",
                var c => ((char)(c + 0x4E00)).ToString(),
            }, pairs[scan.Pair]));
        return seen;
    }

    static uint Number(char c) => c == '_' ? 0 : ChineseLetters.Of(c) + 1;
}
