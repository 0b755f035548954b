using System.Text.Json.Nodes;
using Dayu.Recipes;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>The texts that the model that comes along learns from: how they are made, and what must not be in them.</summary>
public sealed class DefaultTextsTests
{
    static readonly HeldPrompts held = new(House.At("recipes/default/prompts.md"));

    [Theory]
    [InlineData("Anna found an OLD brass bell - under the apple tree!", true)]
    [InlineData("Anna found an old bell under the apple tree.", false)]
    [InlineData("以《江楼夜听雨》为题", true)]
    [InlineData("江楼听雨", false)]
    public void PromptsAreFoundWhateverTheirSigns(string text, bool isIn) => Assert.Equal(isIn, held.AreIn(text));

    /// <summary>What was sampled and is kept in the repository holds none of the prompts that the model is judged by.</summary>
    [Theory, InlineData("stories"), InlineData("answers")]
    public void NoPromptIsInWhatWasSampled(string name)
    {
        var file = House.At($"recipes/default/sampled/{name}.jsonl.zst");
        if (!File.Exists(file)) Assert.Skip($"{name} are not sampled yet");
        var lines = Dayu.Recipes.JsonLines.Read(file).Select(l => l.ToJsonString(Dayu.Recipes.JsonLines.Legible)).ToList();
        Assert.NotEmpty(lines);
        House.None("holds a prompt", lines.Where(held.AreIn).Take(5));
    }

    /// <summary>Common characters by the language identifier's table, rare ones by the recipe's own; each stands in one of them.</summary>
    [Fact]
    public void CharactersAreSimplified()
    {
        Assert.Equal("昆仑绕梦，鸳鸯 a", new Simplified().Of("崑崙遶夢，鴛鴦 a"));
        var forms = SimplifiedForms.Table();
        Assert.DoesNotContain(Words.Resource("simplified.txt").Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries),
            pair => forms[ChineseLetters.Of(pair[0])] != ChineseLetters.Of(pair[0]));
    }

    [Fact]
    public void RegularPoemsAreTaken()
    {
        var known = new HashSet<char>("山行荒径惑东西回环极翠微空持征鸟意长作准绳飞");
        var poem = Json("""{"title": "山行二首  其一", "text": "荒徑惑東西，回環極翠微。\n空持征鳥意，長作準繩飛。"}""");
        var odd = Json("""{"title": "山行", "text": "荒徑惑東西，回環極翠。\n空持征鳥意，長作準繩飛。"}""");
        var poems = new Poems(held, 1);
        Assert.Equal([("山行", "五言绝句", "荒径惑东西，回环极翠微。\n空持征鸟意，长作准绳飞。")], poems.Of([poem, odd], known));
        poem["title"] = "江樓夜聽雨";
        Assert.Empty(poems.Of([poem], new HashSet<char>([.. known, .. "江楼夜听雨"])));
    }

    [Theory]
    [InlineData("She said, \"Stop! Now.\" He went.", "She said, \"Stop! Now.\"|He went.")]
    [InlineData("One.\nTwo? Three", "One.|Two?|Three")]
    [InlineData("It is 3.5 m.", "It is 3.5 m.")]
    public void TextsAreCutIntoSentences(string text, string expected) => Assert.Equal(expected.Split('|'), Sentences.Of(text));

    [Theory]
    [InlineData(Questions.Concise, "This is about as large as that one, I would say.", "This is about as large as that one.", true)]
    [InlineData(Questions.Concise, "This is about as large as that.", "This is about as large as that.", false)]
    [InlineData(Questions.Concise, "He took a taxi to the station.", "I'm sorry for the misunderstanding.", false)]
    [InlineData(Questions.Talk, "Do you like rain?", "Rain is lovely when one is at home.", true)]
    [InlineData(Questions.Talk, "Do you like rain?", "I am an AI assistant and have no feelings.", false)]
    [InlineData(Questions.Talk, "Do you like rain?", "Rain is lovely when", false)]
    [InlineData(Questions.Talk, "Do you like rain?", "I like the rain a lot and I like the rain a lot.", false)]
    public void OnlyFitAnswersAreKept(string told, string asked, string answer, bool isKept) =>
        Assert.Equal(isKept ? 1 : 0, new Answers(held, 1).Kept([Dayu.Recipes.JsonLines.Turns(asked, answer, told)]).Count());

    [Fact]
    public void OrdersBecomeRequests()
    {
        var turns = new Translations(held, 1).Turns(("Close the door.", "把门关上。")).Select(t => t.TurnsOf()).ToList();
        Assert.Equal(3, turns.Count);
        Assert.Contains("close the door", turns[2].Answer, StringComparison.Ordinal);
        Assert.Equal(2, new Translations(held, 1).Turns(("I am here.", "我在这里。")).Count());
    }

    static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
