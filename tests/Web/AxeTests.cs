using System.Text.Json;
using static Microsoft.Playwright.Assertions;

namespace Dayu.Tests;

/// <summary>axe-core finds nothing to say: light and dark, empty, with an answer, while one is written, in trouble, on a phone.</summary>
public sealed class WebAxeTests(Browser browser)
{
    static readonly string file = House.At("tests/Server/clients/node_modules/axe-core/axe.min.js");

    [Theory]
    [InlineData(false, 1280, "en-US")]
    [InlineData(true, 1280, "en-US")]
    [InlineData(false, 375, "zh-CN")]
    [InlineData(true, 375, "zh-CN")]
    public async Task NothingIsFound(bool dark, int width, string language)
    {
        if (!File.Exists(file)) Assert.Skip("axe-core is not there: 'npm ci' in tests/Server/clients brings it");
        await using var server = await ScriptedServer.Start("tiny", "small");
        await using var visit = await Visit.To(server.Address, browser, new(language, width, 800, dark, width < 700));
        await visit.Page.EvaluateAsync(await File.ReadAllTextAsync(file));
        await Check("empty");
        var script = server.Next(new Script().Think("Hm").Say("# Title\n\nText with `code`.\n\n```js\nlet x;\n```\n\n- item\n"));
        await visit.Ask("Question");
        await Expect(visit.Answer).ToContainTextAsync("item");
        await Check("written");
        script.End(tokens: 9);
        await visit.Ended();
        server.Next(Script.Of("回答"));
        await visit.Ask("问题");
        await visit.Ended();
        await Check("loaded");
        server.Next(new Script { Status = 503, Code = "overloaded", Message = "busy" });
        await visit.Ask("More");
        await Expect(visit.Notice).ToBeVisibleAsync();
        await Check("error");
        server.Key = "k";
        await visit.Ask("More");
        await Expect(visit.Page.Locator("#key")).ToBeVisibleAsync();
        await Check("key");

        async Task Check(string state)
        {
            var found = await visit.Page.EvaluateAsync<JsonElement>("() => axe.run().then(r => r.violations)");
            Assert.True(found.GetArrayLength() == 0, $"{state}: {found}");
        }
    }
}
