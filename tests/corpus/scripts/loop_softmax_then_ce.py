criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
sm = nn.Softmax(dim=1)

for epoch in range(50):
    epoch_loss = 0
    model.train()
    for x, y in train_loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        y_hat = sm(model(x))
        loss = criterion(y_hat, y)
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item()
    print('Epoch', epoch, 'loss', epoch_loss / len(train_loader))
