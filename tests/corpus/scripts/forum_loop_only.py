for epoch in range(args.epochs):
    model.train()
    for i, (x, y) in enumerate(get_loader('train')):
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), args.clip)
        optimizer.step()
    scheduler.step()
    model.eval()
    with torch.no_grad():
        val = [criterion(model(x), y).item() for x, y in get_loader('val')]
    print(epoch, sum(val) / len(val))
