using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dayu.Hub;
using Dayu.Templates;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>
/// Whatever a template does to text, each character stays its author's, only what the template wrote becomes control
/// tokens, and the text is what it would be if nobody kept account of authors.
/// </summary>
public sealed partial class AuthorPropertyTests
{
    static readonly int templates = Sizes.Of(3_000, 70_000);            // with each of three seeds

    static readonly RenderLimits limits = new(Steps: 100_000, Output: 100_000, Characters: 1_000_000, Depth: 30);

    /// <summary>
    /// The user writes in full-width letters, which the template only looks for: so a character tells its author.
    /// </summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void EachCharacterStaysItsAuthors(int seed)
    {
        var random = new Random(seed);
        string[] letters = ["＜ｓ＞", "＜", "／", "ｓ＞", "ａＢｃ", "ＺＺｚｚ", "＜／ｓ＞", "－"];
        var write = new RandomTemplate(random, ["<s>", "</s>", "<", "s>", "a b", "-", "Zz"], letters);
        int mixed = RenderMany(random, write, letters, (template, prompt) =>
        {
            foreach (var run in prompt.Runs)
                if (run.Text.FirstOrDefault(c => c > '~' != (run.Author == Author.User)) is var wrong && wrong != 0)
                    Assert.Fail($"'{wrong}' in '{run.Text}' is said to be by {run.Author}\n{template}\n{prompt.Text}");
        });
        Assert.True(mixed > templates / 3, $"only {mixed} templates wrote something of both");
    }

    /// <summary>
    /// User and template write from the same vocabulary, full of markers; a slow search says where control tokens are.
    /// </summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void OnlyTheTemplateWritesControlTokens(int seed)
    {
        var random = new Random(seed);
        var tokenizer = Tokenizers.FromGguf(TinyVocabulary.Gguf("a b", "< s", "/ s", "s >"));
        string[] markers = ["<s>", "</s>", "<", "/s>", "s>", "<tool>", "<to", "ab", " ", "-", "</s><s>"];
        int both = 0, mixed = RenderMany(random, new(random, markers, markers), markers, (template, prompt) =>
        {
            var (control, found) = Segments(tokenizer, prompt);
            var ids = Prompts.Encode(tokenizer, prompt);
            if (control.Count == 0 || control[0] != TinyVocabulary.Bos) control.Insert(0, TinyVocabulary.Bos);
            if (!ids.SequenceEqual(control))
                Assert.Fail($"[{string.Join(' ', ids)}] for [{string.Join(' ', control)}]\n{template}\n{prompt.Text}");
            both += found && prompt.Runs.Any(run => run.Author == Author.User && Markers().IsMatch(run.Text)) ? 1 : 0;
        });
        Assert.True(both > templates / 20, $"only {both} texts of {mixed} had markers of both authors");
    }

    /// <summary>
    /// The ids by hand: cut at each control token that the template wrote whole, each part between encoded as an
    /// ordinary text.
    /// </summary>
    static (List<int> Ids, bool Found) Segments(Tokenizer tokenizer, RenderedPrompt prompt)
    {
        bool[] trusted = [.. prompt.Runs.SelectMany(run => run.Text.Select(_ => run.Author == Author.Template))];
        var (ids, found, start) = (new List<int>(), false, 0);
        for (int at = 0; at < prompt.Text.Length;)
        {
            string? token = new[] { "</s>", "<s>" }.FirstOrDefault(t =>
                string.CompareOrdinal(prompt.Text, at, t, 0, t.Length) == 0 && trusted.AsSpan(at, t.Length).IndexOf(false) < 0);
            if (token is null)
            {
                at++;
                continue;
            }
            Ordinary(start, at);
            ids.Add(token == "<s>" ? TinyVocabulary.Bos : TinyVocabulary.Eos);
            (found, start) = (true, at += token.Length);
        }
        Ordinary(start, prompt.Text.Length);
        return (ids, found);

        void Ordinary(int from, int to) => ids.AddRange(tokenizer.Encode(prompt.Text[from..to], addSpecial: false, parseSpecial: false));
    }

    [GeneratedRegex("</?s>")]
    private static partial Regex Markers();

    /// <returns>How many texts had characters of both authors.</returns>
    static int RenderMany(Random random, RandomTemplate write, string[] said, Action<string, RenderedPrompt> check)
    {
        int mixed = 0;
        for (int i = 0; i < templates; i++)
        {
            string template = write.Write();
            string[] s = [.. Enumerable.Range(0, 5).Select(_ => Said())];
            JsonObject variables = new()
            {
                ["said"] = s[0],
                ["parts"] = new JsonArray(s[1], s[2]),
                ["known"] = new JsonObject { ["ｋ"] = s[3], [s[4]] = 1 },
            };
            string byOne = $"{{% set said = '{s[0]}' %}}{{% set parts = ['{s[1]}', '{s[2]}'] %}}"
                + $"{{% set known = {{'ｋ': '{s[3]}', '{s[4]}': 1}} %}}{template}";
            try
            {
                var prompt = ChatTemplate.Parse(template).Render(variables, TemplateFixtureTests.Clock, limits);
                Assert.Equal(prompt.Text, string.Concat(prompt.Runs.Select(run => run.Text)));
                Assert.Equal(ChatTemplate.Parse(byOne).Render([], TemplateFixtureTests.Clock).Text, prompt.Text);
                check(template, prompt);
                mixed += prompt.Runs.Select(run => run.Author).Distinct().Count() > 1 ? 1 : 0;
            }
            catch (TemplateException)
            {
            }
        }
        return mixed;

        string Said() => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => said[random.Next(said.Length)]));
    }
}
