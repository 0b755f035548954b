using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dayu.Tests;

/// <summary>Asking, reading along, stopping, asking again: in a real browser, in both languages, as a phone and as a desktop.</summary>
public sealed class WebConversationTests(Browser browser)
{
    [Theory]
    [InlineData("en-US", "Why is the sky blue?", "Blue light ", "is scattered.", "en", "Again", 1280, false)]
    [InlineData("zh-CN", "天空为什么是蓝色的？", "蓝光被", "散射了。", "zh-Hans", "重新回答", 375, true)]
    public async Task AnswerGrowsAsItIsWritten(
        string language, string question, string first, string second, string code, string again, int width, bool touch)
    {
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser, new(language, width, 800, Touch: touch));
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("lang", code);
        var script = server.Next(new());

        await visit.Box.FillAsync(question);
        if (touch) await visit.Send.TapAsync();
        else await visit.Send.ClickAsync();
        Assert.Equal(question, (string)(await script.Asked)["messages"]!.AsArray().Single()!["content"]!);
        await Expect(visit.Last.Locator(".question")).ToHaveTextAsync(question);
        await Expect(visit.Box).ToHaveValueAsync("");

        script.Say(first);
        await Expect(visit.Answer).ToHaveTextAsync(first.Trim());
        await Expect(visit.Page.Locator("#log")).ToHaveAttributeAsync("aria-live", "off");
        script.Say(second).End(tokens: 2);
        await Expect(visit.Answer).ToHaveTextAsync(first + second);
        await Expect(visit.Answer).ToHaveAttributeAsync("lang", code);
        await Expect(visit.Last.GetByRole(AriaRole.Button, new() { Name = again })).ToBeVisibleAsync();
        await Expect(visit.Status).ToHaveTextAsync(first + second);
        visit.IsClean();
    }

    [Fact]
    public async Task StoppedAnswerStaysAndSaysSo()
    {
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser);
        var script = server.Next(new Script().Say("As far as"));
        await visit.Ask("How far?");
        await Expect(visit.Answer).ToHaveTextAsync("As far as");
        await Expect(visit.Status).ToHaveTextAsync("Generating");
        await visit.Press("Escape");
        await script.Left;                                           // the server is told
        await Expect(visit.Last.Locator(".ending")).ToHaveTextAsync("Stopped");
        await Expect(visit.Answer).ToHaveTextAsync("As far as");
        await Expect(visit.Status).ToHaveTextAsync("Stopped");

        script = server.Next(new());
        await visit.Ask("And?");
        await script.Asked;
        await visit.Send.ClickAsync();
        await Expect(visit.Last.Locator(".ending")).ToHaveTextAsync("Stopped before the first word");
        script = server.Next(Script.Of("Here"));
        await visit.Ask("Still there?");
        var messages = (await script.Asked)["messages"]!.AsArray();
        Assert.Equal(["How far?", "As far as", "Still there?"], messages.Select(m => (string)m!["content"]!));
        Assert.Equal(["user", "assistant", "user"], messages.Select(m => (string)m!["role"]!));
        visit.IsClean();
    }

    [Fact]
    public async Task AskedAgainKeepsEveryAnswer()
    {
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser);
        server.Next(Script.Of("Heads"));
        await visit.Ask("Heads or tails?");
        await visit.Ended();
        var script = server.Next(Script.Of("Tails"));
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Again" }).ClickAsync();
        Assert.Single((await script.Asked)["messages"]!.AsArray());
        await Expect(visit.Answer).ToHaveTextAsync("Tails");
        await Expect(visit.Last.Locator(".siblings")).ToContainTextAsync("2 of 2");

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Previous answer" }).ClickAsync();
        await Expect(visit.Answer).ToHaveTextAsync("Heads");
        script = server.Next(Script.Of("Yes"));
        await visit.Ask("Sure?");
        Assert.Equal("Heads", (string)(await script.Asked)["messages"]![1]!["content"]!);
        visit.IsClean();
    }

    [Fact]
    public async Task ConversationOutlivesAReloadAndANewOne()
    {
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser);
        server.Next(Script.Of("Four."));
        await visit.Ask("Two and two?");
        await visit.Ended();
        await visit.Box.FillAsync("half a thou");
        await visit.Page.ReloadAsync();
        await Expect(visit.Answer).ToHaveTextAsync("Four.");
        await Expect(visit.Box).ToHaveValueAsync("half a thou");

        var script = server.Next(new Script().Say("Half an ans"));
        await visit.Ask("And three?");
        await Expect(visit.Answer).ToHaveTextAsync("Half an ans");
        await visit.Page.ReloadAsync();
        await Expect(visit.Answer).ToHaveTextAsync("Half an ans");
        await Expect(visit.Last.Locator(".ending")).ToBeVisibleAsync();   // stopped, or broken off: as the browser tells it

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "New conversation" }).ClickAsync();
        await Expect(visit.Page.Locator(".turn")).ToHaveCountAsync(0);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Back to the last conversation" }).ClickAsync();
        await Expect(visit.Page.Locator(".turn")).ToHaveCountAsync(2);
        visit.IsClean();
    }

    [Fact]
    public async Task ThoughtsAreFolded()
    {
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser);
        var script = server.Next(new Script().Think("Let me see."));
        await visit.Ask("Hm?");
        var thoughts = visit.Last.Locator("details");
        await Expect(thoughts.Locator("summary")).ToHaveTextAsync("Thinking");
        await Expect(thoughts.Locator(".prose")).ToBeHiddenAsync();
        script.Say("So.").End();
        await Expect(thoughts.Locator("summary")).ToHaveTextAsync("Thoughts");
        await thoughts.Locator("summary").ClickAsync();
        await Expect(thoughts.Locator(".prose")).ToHaveTextAsync("Let me see.");
        await Expect(visit.Answer).ToHaveTextAsync("So.");
        visit.IsClean();
    }

    [Fact]
    public async Task OneOfSeveralModelsIsChosenAndRemembered()
    {
        await using var server = await ScriptedServer.Start("river", "mountain");
        await using var visit = await Visit.To(server.Address, browser);
        var picker = visit.Page.GetByRole(AriaRole.Combobox, new() { Name = "Model" });
        await picker.SelectOptionAsync("mountain");
        await visit.Page.ReloadAsync();
        await Expect(picker).ToHaveValueAsync("mountain");
        var script = server.Next(Script.Of("Yes"));
        await visit.Ask("You?");
        Assert.Equal("mountain", (string)(await script.Asked)["model"]!);
        visit.IsClean();
    }
}
