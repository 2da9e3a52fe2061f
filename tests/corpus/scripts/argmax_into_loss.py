def train(net, trainloader, num_epochs=5, device='cpu'):
    optimizer = torch.optim.Adam(net.parameters(), lr=0.0005)
    criterion = nn.MSELoss()
    net.to(device)
    net.train()
    for epoch in range(num_epochs):
        for images, labels in trainloader:
            images, labels = images.to(device), labels.to(device)
            outputs = net(images)
            _, preds = torch.max(outputs, 1)
            loss = criterion(preds.float(), labels.float())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f'[{epoch}] loss: {loss.item():.3f}')

train(net, trainloader)
