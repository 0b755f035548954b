using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dayu.Tests;

/// <summary>The page on windows of any width, empty, full and in trouble; followed by its reader, or not.</summary>
public sealed class WebLayoutTests(Browser browser)
{
    const string Wide = "| a | table |\n\n```csharp\n"
        + "var aLineThatIsMuchLongerThanAnyPhoneIsWide = SomethingElse(that: is, also: quite, long: enough);\n```\n\n"
        + "1. `code_that_has_no_place_to_break_in_it_whatsoever_and_goes_on_and_on_and_on_and_on_and_on_and_on`\n   - again\n\n";

    [Theory]
    [InlineData(320, "en-US")]
    [InlineData(320, "zh-CN")]
    [InlineData(375, "zh-CN")]
    [InlineData(768, "en-US")]
    [InlineData(1280, "en-US")]
    [InlineData(2560, "zh-CN")]
    public async Task NothingScrollsSideways(int width, string language)
    {
        await using var server = await ScriptedServer.Start("a-model-with-a-name-that-is-rather-long-for-a-phone", "another");
        await using var visit = await Visit.To(server.Address, browser, new(language, width, 640, Touch: width < 700));
        await visit.Fits();
        server.Next(Script.Of(Wide, new string('w', 300), "\n\n# A heading\n\ndone"));
        await visit.Ask(new string('q', 300) + " 问题\nline");
        await visit.Ended();
        await visit.Fits();
        server.Next(new Script { Status = 503, Code = "overloaded", Message = new string('m', 300), RetryAfter = 1000 });
        await visit.Ask("busy?");
        await Expect(visit.Notice).ToBeVisibleAsync();
        await visit.Fits();
        visit.IsClean("Failed to load resource");
    }

    /// <summary>A window half as large is what 200 % of text make of it.</summary>
    [Fact]
    public async Task FitsAtTwiceTheTextSize()
    {
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser, new(Width: 640, Height: 400));
        await visit.Page.EvaluateAsync("() => { document.documentElement.style.fontSize = '200%'; }");
        await visit.Fits();
        await Expect(visit.Send).ToBeInViewportAsync();
    }

    [Fact]
    public async Task FollowsOnlyWhoIsAtTheEnd()
    {
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser, new(Height: 500));
        var lines = string.Concat(Enumerable.Range(0, 60).Select(i => $"line {i}\n\n"));
        var script = server.Next(new Script().Say(lines));
        await visit.Ask("Many lines");
        await Expect(visit.Answer).ToContainTextAsync("line 59");
        Assert.True(await FromEnd(visit) < 4);
        script.Say("line 60\n\n");
        await Expect(visit.Answer.GetByText("line 60")).ToBeInViewportAsync();

        await visit.Page.Mouse.MoveAsync(600, 200);
        await visit.Page.Mouse.WheelAsync(0, -600);
        var below = visit.Page.GetByRole(AriaRole.Button, new() { Name = "Down to the newest text" });
        await Expect(below).ToBeVisibleAsync();
        var before = await visit.Page.EvaluateAsync<int>("() => Math.round(scrollY)");
        script.Say("line 61\n\n").End();
        await Expect(visit.Status).ToContainTextAsync("line 61");
        Assert.Equal(before, await visit.Page.EvaluateAsync<int>("() => Math.round(scrollY)"));
        await below.ClickAsync();
        await Expect(visit.Answer.GetByText("line 61")).ToBeInViewportAsync();
        await Expect(below).ToBeHiddenAsync();
        visit.IsClean();
    }

    /// <summary>However fast an answer comes, it is drawn once a frame.</summary>
    [Fact]
    public async Task DrawsAtMostOnceAFrame()
    {
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser);
        var script = server.Next(new());
        await visit.Ask("Fast");
        await script.Asked;
        await visit.Page.EvaluateAsync(
            """
            () => {
              window.frame = 0;
              window.drawn = [];
              const tick = () => { frame++; requestAnimationFrame(tick); };
              requestAnimationFrame(tick);
              new MutationObserver(() => drawn.push(frame)).observe(document.querySelector('.answer > .prose'),
                { childList: true, subtree: true, characterData: true });
            }
            """);
        for (var i = 0; i < 500; i++) script.Say($"word{i} {(i % 20 == 19 ? "\n\n" : "")}");
        await Expect(visit.Answer).ToContainTextAsync("word499");
        var drawn = await visit.Page.EvaluateAsync<int[]>("() => drawn");
        Assert.NotEmpty(drawn);
        Assert.Equal(drawn.Distinct(), drawn);
        script.End();
        await visit.Ended();
        visit.IsClean();
    }

    static Task<float> FromEnd(Visit visit) =>
        visit.Page.EvaluateAsync<float>("() => document.documentElement.scrollHeight - innerHeight - scrollY");
}
