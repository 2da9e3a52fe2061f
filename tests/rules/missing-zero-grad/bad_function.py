def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    for images, labels in loader:
        outputs = model(images.to(device))
        loss = criterion(outputs, labels.to(device))
        loss.backward()
        optimizer.step()
